package dev.freshet.tests.benchmark;

import java.util.Locale;

/// What a number should be.
sealed interface Goal {
  /// Nothing was promised.
  record None() implements Goal {}

  record AtMost(double limit, String unit) implements Goal {}

  record AtLeast(double limit, String unit) implements Goal {}

  static Goal none() {
    return new None();
  }

  static Goal atMost(double limit) {
    return new AtMost(limit, "x");
  }

  static Goal atLeast(double limit) {
    return new AtLeast(limit, "x");
  }

  default String text() {
    return switch (this) {
      case None() -> "";
      case AtMost(double limit, String unit) -> "at most " + number(limit) + unit;
      case AtLeast(double limit, String unit) -> "at least " + number(limit) + unit;
    };
  }

  default String verdict(double value) {
    return switch (this) {
      case None() -> "";
      case AtMost(double limit, String unit) -> value <= limit ? "yes" : "**no**";
      case AtLeast(double limit, String unit) -> value >= limit ? "yes" : "**no**";
    };
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.valueOf((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
