package dev.signalbox.engine.database.route;

/// Where a side's database is, as the routes tell it.
public record SideAddress(String host, int port, String database) {
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/" + database;
  }
}
