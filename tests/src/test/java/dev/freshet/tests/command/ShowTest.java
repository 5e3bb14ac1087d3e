package dev.freshet.tests.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.app.show.Cell;
import dev.freshet.app.show.Column;
import dev.freshet.app.show.Ink;
import dev.freshet.app.show.Table;
import dev.freshet.app.show.Words;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tables and numbers as people read them.
final class ShowTest {
  private static final Table TABLE =
      Table.of(Column.text("view"), Column.number("rows"), Column.prose("trouble"))
          .row(Cell.of("public.sales"), Cell.of("1,234"), Cell.EMPTY)
          .row(
              Cell.of("public.\"売上\""),
              Cell.of("7"),
              new Cell("division by zero in the second column of the third row", Ink.RED));

  @Test
  void alignsColumns() {
    assertThat(TABLE.lines(Integer.MAX_VALUE, true, false))
        .containsExactly(
            " view          │  rows │ trouble",
            "─".repeat(15) + "┼" + "─".repeat(7) + "┼" + "─".repeat(56),
            " public.sales  │ 1,234 │",
            " public.\"売上\" │     7 │ division by zero in the second column of the third row");
  }

  @Test
  void wrapsProseToTheTerminal() {
    assertThat(TABLE.lines(50, true, false))
        .hasSizeGreaterThan(4)
        .allMatch(line -> line.length() <= 50)
        .last()
        .asString()
        .endsWith(" row");
  }

  @Test
  void showsBlocksWhereWrappingIsNotEnough() {
    assertThat(TABLE.lines(30, true, false))
        .startsWith("── public.sales ──", " rows    │ 1,234", " trouble │")
        .hasSize(6);
  }

  @Test
  void usesAsciiWhereTheTerminalHasNothingElse() {
    assertThat(TABLE.lines(Integer.MAX_VALUE, false, false).subList(0, 2))
        .containsExactly(
            " view          |  rows | trouble",
            "-".repeat(15) + "+" + "-".repeat(7) + "+" + "-".repeat(56));
  }

  @Test
  void coloursWithoutChangingTheWidth() {
    String line = TABLE.lines(Integer.MAX_VALUE, true, true).getLast();
    assertThat(line).contains("\033[31mdivision").endsWith("row\033[0m");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0 ms",
    "0.84, 0.8 ms",
    "41, 41 ms",
    "999.4, 999 ms",
    "999.6, 1.00 s",
    "1240, 1.24 s",
    "12345, 12.3 s",
    "59960, 59 s",
    "60000, 1 min",
    "125000, 2 min 5 s",
    "11520000, 3 h 12 min",
    "90000000, 1 d 1 h"
  })
  void durations(double millis, String shown) {
    assertThat(Words.duration(Duration.ofNanos((long) (millis * 1e6)))).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "8192, 8192 bytes",
    "10240, 10 kB",
    "106496, 104 kB",
    "10485760, 10 MB",
    "1099511627776, 1024 GB"
  })
  void sizes(long bytes, String shown) {
    assertThat(Words.size(bytes)).isEqualTo(shown);
  }

  @Test
  void ratios() {
    assertThat(Words.ratio(Duration.ofSeconds(12), Duration.ofMillis(50))).isEqualTo("240x");
    assertThat(Words.ratio(Duration.ofMillis(30), Duration.ofMillis(20))).isEqualTo("1.5x");
  }
}
