package dev.signalbox.demo.app;

import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.List;

/// The bank's backend as a process.
///
/// `--stack blue|green --version v1|v2 --port N --database-file FILE [--exit-with-stdin]`
///
/// Prints `listening PORT` on standard output once it takes requests, which may be before it has a
/// database. Exit codes: 0 ended, 1 port taken, 2 wrong option.
public final class Backend {
  /// What customers will ask, and what changes nothing.
  static final List<Service.Rehearsal> REHEARSALS =
      List.of(
          new Service.Rehearsal(HttpMethod.GET, "/api/accounts/1", ""),
          // Refused, since there are no such accounts.
          new Service.Rehearsal(
              HttpMethod.POST,
              "/api/transfers",
              """
              {"requestId":"00000000-0000-0000-0000-000000000000","from":-1,"to":-2,"amount":1}\
              """));

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
      link.start(() -> service.rehearse(REHEARSALS));
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
