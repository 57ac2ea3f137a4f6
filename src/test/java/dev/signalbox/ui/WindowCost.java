package dev.signalbox.ui;

import com.sun.management.OperatingSystemMXBean;
import dev.signalbox.app.Console;
import dev.signalbox.demo.DemoRun;
import dev.signalbox.demo.DemoScreen;
import dev.signalbox.demo.DemoSite;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.release.conductor.ReleaseEngine;
import dev.signalbox.ui.fx.WindowMemory;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;

/// What a window costs the process that it runs in, on a real engine under load: the time until it
/// is on the screen, and the share of a core with it and without it.
public final class WindowCost {
  private static final int MEASURED = 50;

  private WindowCost() {}

  public static void main(String[] arguments) throws Exception {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    try (DemoSite site = new DemoSite(DemoSite.newFolder(), DemoSite.Shape.usual())) {
      site.open();
      try (Console console = new Console(site.environment(), ReleaseEngine.Role.DRIVE)) {
        DemoScreen quiet = new DemoScreen(new PrintWriter(Writer.nullWriter()), false);
        DemoRun run = new DemoRun(site, console, quiet, 200);
        try {
          run.warmUp();
          measure(console, out, "settling");
          measure(console, out, "without a window");
          long began = System.nanoTime();
          WindowMemory memory = new WindowMemory(site.folder().resolve("window.properties"));
          SignalboxWindow window =
              SignalboxWindow.open(console, new WindowOptions(memory, ZoneOffset.UTC, () -> {}));
          out.printf("on the screen after %d ms%n", (System.nanoTime() - began) / 1_000_000);
          measure(console, out, "settling");
          measure(console, out, "with a window");
          window.close();
          window.awaitClosed();
          measure(console, out, "without a window");
        } finally {
          run.close();
        }
      }
    }
    javafx.application.Platform.exit();
  }

  private static void measure(Engine engine, PrintWriter out, String what) throws Exception {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    CountDownLatch snapshots = new CountDownLatch(MEASURED);
    Engine.Subscription counting = engine.observe(_ -> snapshots.countDown());
    try {
      long cpu = system.getProcessCpuTime();
      long began = System.nanoTime();
      snapshots.await();
      double seconds = (System.nanoTime() - began) / 1e9;
      out.printf(
          "%s: %.1f %% of a core, %.1f snapshots a second%n",
          what, (system.getProcessCpuTime() - cpu) / 1e7 / seconds, MEASURED / seconds);
    } finally {
      counting.close();
    }
  }
}
