package dev.signalbox.entry;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;

/// What of a message concerns one connection only and must not be passed on (RFC 9110, 7.6.1), and
/// what the entry adds.
final class ForwardedHeaders {
  /// Without `transfer-encoding`: the proxy library frames bodies anew by itself.
  private static final List<String> HOP_BY_HOP =
      List.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "upgrade");

  private ForwardedHeaders() {}

  static void request(MultiMap headers, HttpServerRequest client, boolean upgrade) {
    if (!upgrade) {
      strip(headers);
    }
    // The entry has answered `Expect: 100-continue` itself.
    headers.remove("expect");
    String from = client.remoteAddress().hostAddress();
    String before = headers.get("x-forwarded-for");
    headers.set("x-forwarded-for", before == null ? from : before + ", " + from);
    if (!headers.contains("x-forwarded-proto")) {
      headers.set("x-forwarded-proto", client.isSSL() ? "https" : "http");
    }
    String host = client.getHeader("host");
    if (host != null && !headers.contains("x-forwarded-host")) {
      headers.set("x-forwarded-host", host);
    }
  }

  static void response(MultiMap headers, boolean upgrade) {
    if (!upgrade) {
      strip(headers);
    }
  }

  private static void strip(MultiMap headers) {
    for (String line : headers.getAll("connection")) {
      for (String name : line.split(",", -1)) {
        String token = name.strip().toLowerCase(Locale.ROOT);
        if (!token.isEmpty() && !token.equals("close")) {
          headers.remove(token);
        }
      }
    }
    HOP_BY_HOP.forEach(headers::remove);
  }
}
