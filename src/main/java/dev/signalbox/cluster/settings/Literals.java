package dev.signalbox.cluster.settings;

/// How clients write text in an ordinary literal `'…'`. The session in PostgreSQL and the cluster's
/// own look at a statement follow it alike: a quote that ends a literal for one of them and not for
/// the other would let a parameter become part of the statement.
public enum Literals {
  /// A backslash escapes: `'it\'s'`, `'a\\b'`; a doubled quote is a quote too. So existing
  /// connectors write their parameters. PostgreSQL reads it so up to version 18.
  BACKSLASH,
  /// A backslash is a character like others, and a quote is doubled: `'it''s'`. So the SQL standard
  /// has it.
  STANDARD;

  /// What `standard_conforming_strings` is in a session.
  public boolean standardConforming() {
    return this == STANDARD;
  }
}
