package dev.signalbox.engine.database.migration;

import java.util.ArrayList;
import java.util.List;

/// The lines in which two texts differ, `-` for the first and `+` for the second, with line
/// numbers.
final class TextDiff {
  private static final int SHOWN = 12;
  private static final int LARGEST = 3000;

  private TextDiff() {}

  static String of(String before, String after) {
    List<String> a = before.lines().toList();
    List<String> b = after.lines().toList();
    int head = 0;
    while (head < Math.min(a.size(), b.size()) && a.get(head).equals(b.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < Math.min(a.size(), b.size()) - head
        && a.get(a.size() - 1 - tail).equals(b.get(b.size() - 1 - tail))) {
      tail++;
    }
    List<String> changes =
        changes(a.subList(head, a.size() - tail), b.subList(head, b.size() - tail), head);
    String shown = String.join("\n", changes.subList(0, Math.min(SHOWN, changes.size())));
    return changes.size() > SHOWN
        ? shown + "\n… and " + (changes.size() - SHOWN) + " more lines"
        : shown;
  }

  private static List<String> changes(List<String> a, List<String> b, int offset) {
    List<String> out = new ArrayList<>();
    if (a.size() > LARGEST || b.size() > LARGEST) {
      out.add("from line " + (offset + 1) + " on");
      return out;
    }
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        i++;
        j++;
      } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
        out.add("-" + (offset + i + 1) + " " + a.get(i++));
      } else {
        out.add("+" + (offset + j + 1) + " " + b.get(j++));
      }
    }
    return out;
  }
}
