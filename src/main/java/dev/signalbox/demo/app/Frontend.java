package dev.signalbox.demo.app;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The bank's page as a process: which stack and version gives it, and a balance that the page asks
/// from the backend, each second.
///
/// `--stack blue|green --version v1|v2 --port N [--exit-with-stdin]`; else as [Backend].
public final class Frontend {
  private Frontend() {}

  public static void main(String[] arguments) {
    Service.run(arguments, Frontend::start);
  }

  static Running start(Options options) throws IOException {
    String page = page(options);
    Service service = new Service(options, request -> answer(request, page));
    try {
      int port = service.listen();
      System.out.println("listening " + port);
      return new Running(port, service);
    } catch (IOException e) {
      service.close();
      throw e;
    }
  }

  private static void answer(HttpServerRequest request, String page) {
    if (!request.method().equals(HttpMethod.GET)) {
      request.response().setStatusCode(405).end();
    } else if ("/".equals(request.path())) {
      request
          .response()
          .putHeader("Content-Type", "text/html; charset=utf-8")
          .putHeader("Cache-Control", "no-store")
          .end(page);
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  private static String page(Options options) throws IOException {
    try (InputStream in = Frontend.class.getResourceAsStream("/dev/signalbox/demo/page.html")) {
      if (in == null) {
        throw new IOException("The page is missing on the class path.");
      }
      // Both are checked by Options: nothing here needs escaping.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("{stack}", options.stack().id())
          .replace("{version}", options.version());
    }
  }

  /// A frontend that takes requests.
  record Running(int port, Service service) implements AutoCloseable {
    @Override
    public void close() {
      service.close();
    }
  }
}
