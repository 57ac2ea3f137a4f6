package dev.signalbox.engine.timing;

/// The platform threads that virtual threads run on.
///
/// Up to JDK 25 a virtual thread that waits for a class to be initialized keeps its carrier. On a
/// machine with two cores, two that wait so, and one without a carrier that they wait for, stop the
/// whole process for good (JDK-8369238, mended in JDK 26). More carriers than there are threads at
/// the start of the program cost a release nothing that could be measured; where threads do nothing
/// but hand over to each other, as in the simulation, 32 take more than twice the time of 2.
public final class Carriers {
  /// More than the program has threads that may meet at a class when it starts.
  private static final int ENOUGH = 32;

  private static final String PROPERTY = "jdk.virtualThreadScheduler.parallelism";

  private Carriers() {}

  /// Provides for enough of them, unless the one who started the JVM said how many. Has an effect
  /// only before the first virtual thread of the JVM.
  public static void provide() {
    if (System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, Integer.toString(enough()));
    }
  }

  /// The same for a JVM that this program starts.
  public static String option() {
    return "-D" + PROPERTY + "=" + enough();
  }

  private static int enough() {
    return Math.max(ENOUGH, Runtime.getRuntime().availableProcessors());
  }
}
