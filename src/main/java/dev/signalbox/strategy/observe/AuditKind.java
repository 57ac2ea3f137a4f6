package dev.signalbox.strategy.observe;

import java.util.Locale;

/// The files of the audit, with how long each is kept.
public enum AuditKind {
  /// Detections, announcements, applications, invalidations, corrections.
  CHANGES(90),
  /// 456s, failed detections and calls, refused announcements, dropped lines.
  ERRORS(30),
  /// Times: of detections, of changes, of queries, and of calls by the minute.
  PERFORMANCE(7);

  private final int days;

  AuditKind(int days) {
    this.days = days;
  }

  /// A file is deleted when its day is longer ago.
  public int days() {
    return days;
  }

  /// In the name of a file.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
