package dev.freshet.compiler.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewFileRefusalTest {
  @Test
  void showsASyntaxErrorAsPsqlDoes() {
    assertThat(
            Refused.text(() ->
                ViewFile.parse("dir/v.sql", "CREATE MATERIALIZED VIEW v AS\n\nSELECT a FORM t\n;")))
        .isEqualTo(
            """
            dir/v.sql:3: ERROR:  syntax error at or near "t"
            LINE 3: SELECT a FORM t
                                  ^\
            """);
  }

  /// The places are those of PostgreSQL 15 for the same text.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "CREATE MATERIALIZED VIEW v AS SELECT a FROM | at end of input | 44",
        "CREATE MATERIALIZED VIEW v AS SELECT a FROM; | at or near \";\" | 44",
        "CREATE MATERIALIZED VIEW v AS SELECT a FROM t WHERE; | at or near \";\" | 52",
        "CREATE MATERIALIZED VIEW v AS SELECT (1 + FROM t | at or near \"FROM\" | 43",
        "CREATE MATERIALIZED VIEW AS SELECT 1 | at or near \"AS\" | 26",
        "CREATE MATERIALIZED VIEW v SELECT 1 | at or near \"SELECT\" | 28",
        "CREATE MATERIALIZED VIEW v AS SELECT 1 2 | at or near \"2\" | 40",
        "CREATE MATERIALIZED VIEW v AS SELECT 1) | at or near \")\" | 39",
        "CREATE MATERIALIZED VIEW v WITH () AS SELECT 1 | at or near \")\" | 34",
        "CREATE MATERIALIZED VIEW v WITH (a = ) AS SELECT 1 | at or near \")\" | 38",
        "CREATE MATERIALIZED VIEW v AS SELECT {1} | at or near \"{\" | 38",
        "CREATE MATERIALIZED VIEW v AS SELECT $a | at or near \"$\" | 38",
        "CREATE MATERIALIZED VIEW v AS INSERT INTO t VALUES (1) | at or near \"INSERT\" | 31",
        "CREATE MATERIALIZED VIEW v AS SELECT 1 WITH CHECK OPTION | at or near \"CHECK\" | 45",
        "CREATE INDEX i v (a) | at or near \"v\" | 16",
        "CREATE INDEX ON v () | at or near \")\" | 20",
        "GRANT SELECT ON v | at end of input | 18",
        "COMMENT ON MATERIALIZED VIEW v 'x' | at or near \"'x'\" | 32",
        "foo bar | at or near \"foo\" | 1"
      })
  void putsSyntaxErrorsWherePostgresDoes(String text, String where, int character) {
    var problem = Refused.problem(() -> ViewFile.parse("v.sql", text));
    assertThat(problem.sqlState()).isEqualTo("42601");
    assertThat(problem.message()).isEqualTo("syntax error " + where);
    assertThat(Refused.character(problem)).isEqualTo(character);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SELECT 'abc | unterminated quoted string at or near \"'abc\" | 8",
        "SELECT E'a\\' | unterminated quoted string at or near \"E'a\\'\" | 8",
        "SELECT \"a;b | unterminated quoted identifier at or near \"\"a;b\" | 8",
        "SELECT $x$ $$ | unterminated dollar-quoted string at or near \"$x$ $$\" | 8",
        "SELECT /* /* */ | unterminated /* comment at or near \"/* /* */\" | 8",
        "SELECT \"\" | zero-length delimited identifier at or near \"\"\"\" | 8",
        "SELECT 12ab | trailing junk after numeric literal at or near \"12ab\" | 8"
      })
  void refusesWhatTheLexerRefuses(String text, String message, int character) {
    var problem = Refused.problem(() -> ViewFile.parse("v.sql", text));
    assertThat(problem.message()).isEqualTo(message);
    assertThat(Refused.character(problem)).isEqualTo(character);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INSERT INTO t VALUES (1) | INSERT",
        "select 1 | SELECT",
        "DROP MATERIALIZED VIEW v | DROP MATERIALIZED VIEW",
        "CREATE TABLE t (a int) | CREATE TABLE",
        "CREATE OR REPLACE VIEW v AS SELECT 1 | CREATE OR REPLACE VIEW",
        "CREATE UNLOGGED TABLE t () | CREATE UNLOGGED TABLE",
        "CREATE EXTENSION pg_cron | CREATE EXTENSION",
        "REFRESH MATERIALIZED VIEW v | REFRESH",
        "REVOKE SELECT ON v FROM r | REVOKE",
        "BEGIN | BEGIN",
        "SET search_path = x | SET"
      })
  void refusesOtherStatementsAtTheirPlace(String text, String command) {
    var problem = Refused.problem(() -> ViewFile.parse("v.sql", "-- x\n" + text + ";"));
    assertThat(problem.sqlState()).isEqualTo("0A000");
    assertThat(problem.message()).isEqualTo(command + " is not allowed in a view file");
    assertThat(problem.hint()).startsWith("A view file may hold CREATE MATERIALIZED VIEW,");
    assertThat(Refused.character(problem)).isEqualTo(6);
  }

  @Test
  void saysWhyReplaceIsNotNeeded() {
    assertThat(Refused.viewFile("CREATE OR REPLACE MATERIALIZED VIEW v AS SELECT 1"))
        .isEqualTo(
            """
            ERROR:  CREATE OR REPLACE MATERIALIZED VIEW is not allowed in a view file
            LINE 1: CREATE OR REPLACE MATERIALIZED VIEW v AS SELECT 1
                    ^
            HINT:  Write CREATE MATERIALIZED VIEW: a changed definition replaces the old one.\
            """);
  }

  @Test
  void refusesPsqlCommands() {
    assertThat(Refused.viewFile("\\i other.sql"))
        .startsWith("ERROR:  psql commands are not allowed in a view file\nLINE 1: \\i");
  }

  @Test
  void refusesOptionsByAlter() {
    assertThat(Refused.viewFile("ALTER MATERIALIZED VIEW v SET (freshet.refresh = 'full')"))
        .isEqualTo(
            """
            ERROR:  ALTER MATERIALIZED VIEW is not allowed in a view file except for OWNER TO
            LINE 1: ALTER MATERIALIZED VIEW v SET (freshet.refresh = 'full')
                    ^
            HINT:  Options belong in the WITH list of CREATE MATERIALIZED VIEW.\
            """);
  }

  @Test
  void refusesCommentsOnOtherObjects() {
    assertThat(Refused.viewFile("COMMENT ON VIEW v IS 'x'"))
        .startsWith("ERROR:  comments on other objects are not allowed in a view file\n");
    assertThat(Refused.viewFile("COMMENT ON COLUMN c IS 'x'"))
        .startsWith("ERROR:  column name must be qualified\nLINE 1: COMMENT ON COLUMN c");
  }

  @Test
  void refusesGrantsOfOtherThings() {
    assertThat(Refused.viewFile("GRANT admin TO bob"))
        .startsWith("ERROR:  a view file may grant rights on materialized views only\n");
    assertThat(Refused.viewFile("GRANT USAGE ON SCHEMA s TO bob"))
        .startsWith("ERROR:  a view file may grant rights on materialized views only\n");
  }

  @Test
  void refusesNamesThatPostgresWouldCut() {
    String name = "\u00E4".repeat(32);
    assertThat(Refused.viewFile("CREATE MATERIALIZED VIEW " + name + " AS SELECT 1"))
        .startsWith("ERROR:  name " + name + " is too long\n")
        .endsWith("\nDETAIL:  PostgreSQL cuts names at 63 bytes.");
    assertThat(Refused.viewFile("CREATE INDEX " + name + " ON v (a)")).contains("is too long");
  }

  @Test
  void refusesNamesWithADatabase() {
    assertThat(Refused.viewFile("CREATE MATERIALIZED VIEW a.b.c AS SELECT 1"))
        .startsWith("ERROR:  cross-database references are not implemented: a.b.c\nLINE 1: ");
  }

  @Test
  void refusesAWrongUnicodeEscape() {
    assertThat(Refused.viewFile("CREATE MATERIALIZED VIEW U&\"\\00zz\" AS SELECT 1"))
        .startsWith("ERROR:  invalid Unicode escape at or near \"U&\"\\00zz\"\"\n");
  }
}
