package dev.freshet.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Long, wide and tabbed lines are shown as psql 15 shows them. Combining marks are not: psql gives
/// them a column, a terminal does not.
class ProblemTextTest {
  private static String at(String text, String where) {
    SourcePosition position = SourcePosition.at(null, text, text.indexOf(where));
    return ProblemText.of(Problem.of("42601", "syntax error").at(position));
  }

  @Test
  void showsFileLineCaretDetailAndHint() {
    String text = "CREATE MATERIALIZED VIEW v AS\nSELECT a\n  FORM t t;";
    Problem problem =
        Problem.of("42601", "syntax error at or near \"t\"")
            .withDetail("Some detail.")
            .withHint("Some hint.")
            .at(SourcePosition.at("views.sql", text, text.lastIndexOf("t;")));
    assertThat(ProblemText.of(problem))
        .isEqualTo(
            """
            views.sql:3: ERROR:  syntax error at or near "t"
            LINE 3:   FORM t t;
                             ^
            DETAIL:  Some detail.
            HINT:  Some hint.\
            """);
  }

  @Test
  void showsNoLineWithoutAPosition() {
    assertThat(ProblemText.of(Problem.of("42P01", "no such view").withHint("Create it.")))
        .isEqualTo("ERROR:  no such view\nHINT:  Create it.");
  }

  @Test
  void cutsTheEndOfALongLine() {
    assertThat(at("SELECT zzz, " + "x".repeat(80), "zzz"))
        .endsWith(
            """
            LINE 1: SELECT zzz, xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...
                           ^\
            """);
  }

  @Test
  void cutsBothEndsOfALongLine() {
    assertThat(at("SELECT " + "x".repeat(80) + ", zzz, " + "y".repeat(40), "zzz"))
        .endsWith(
            """
            LINE 1: ...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, zzz, yyyyy...
                                                                         ^\
            """);
  }

  @Test
  void cutsOnlyTheStartWhenThePlaceIsNearTheEnd() {
    assertThat(at("SELECT " + "x".repeat(80) + ", zzz", "zzz"))
        .endsWith(
            """
            LINE 1: ...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, zzz
                                                                                ^\
            """);
  }

  @Test
  void countsWideCharactersTwiceAndTabsOnce() {
    assertThat(at("SELECT\t'日本語', zzz", "zzz"))
        .endsWith("LINE 1: SELECT '日本語', zzz\n" + " ".repeat(25) + "^");
  }

  @Test
  void countsCombiningMarksAsNothingAndCharactersBeyondTheBasicPlaneOnce() {
    String text = "SELECT 'e\u0301\uD83D\uDE00', zzz";
    SourcePosition position = SourcePosition.at(null, text, text.indexOf("zzz"));
    assertThat(position.character()).isEqualTo(15);
    assertThat(at(text, "zzz")).endsWith("\n" + " ".repeat(8 + 14) + "^");
  }

  @Test
  void pointsBehindTheLastCharacterAtTheEndOfInput() {
    SourcePosition position = SourcePosition.at("f.sql", "SELECT\r\n1 +\r\n", 11);
    assertThat(position).isEqualTo(new SourcePosition("f.sql", 12, 2, 4, "1 +"));
    assertThat(ProblemText.of(Problem.of("42601", "x").at(position)))
        .isEqualTo("f.sql:2: ERROR:  x\nLINE 2: 1 +\n           ^");
  }

  @Test
  void findsThePlaceThatAServerReports() {
    String text = "SELECT '\uD83D\uDE00',\n zzz";
    assertThat(SourcePosition.atCharacter(null, text, 14))
        .isEqualTo(SourcePosition.at(null, text, text.indexOf("zzz")));
  }
}
