package dev.signalbox.demo.app;

import java.io.IOException;

/// The bank's backend as a process.
///
/// `--stack blue|green --version v1|v2 --port N --database-file FILE [--exit-with-stdin]`
///
/// Prints `listening PORT` on standard output once it takes requests, which may be before it has a
/// database. Exit codes: 0 ended, 1 port taken, 2 wrong option.
public final class Backend {
  private Backend() {}

  public static void main(String[] arguments) {
    Service.run(arguments, Backend::start);
  }

  static Running start(Options options) throws IOException {
    if (options.databaseFile() == null) {
      throw new IllegalArgumentException("--database-file is missing.");
    }
    DatabaseLink link =
        new DatabaseLink(
            options.databaseFile(),
            options.stack().id(),
            target -> Bank.rehearse(target, options.version()));
    BackendApi api = new BackendApi(options, link);
    Service service = new Service(options, api::handle);
    try {
      int port = service.listen();
      link.start(() -> service.rehearse(BackendApi.REHEARSALS));
      System.out.println("listening " + port);
      return new Running(port, service, link);
    } catch (IOException e) {
      service.close();
      throw e;
    }
  }

  /// A backend that takes requests.
  record Running(int port, Service service, DatabaseLink link) implements AutoCloseable {
    @Override
    public void close() {
      service.close();
      link.close();
    }
  }
}
