package dev.signalbox.strategy.query;

/// A user with a password, which is never shown. Immutable.
public final class Credentials {
  private final String user;
  private final char[] password;

  /// @param password is copied; the caller may wipe its own
  public Credentials(String user, char[] password) {
    this.user = user;
    this.password = password.clone();
  }

  public String user() {
    return user;
  }

  /// For a message that is sent at once.
  String password() {
    return new String(password);
  }

  @Override
  public String toString() {
    return user;
  }
}
