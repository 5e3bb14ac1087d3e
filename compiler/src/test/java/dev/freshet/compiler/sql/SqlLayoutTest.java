package dev.freshet.compiler.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SqlLayoutTest {
  private static final String LONG =
      "INSERT INTO storage SELECT i.city, sum(i.amount) FILTER (WHERE i.amount IS NOT NULL) AS total"
          + " FROM (SELECT c.city AS city, s.amount FROM public.sale AS s, public.customer AS c"
          + " WHERE c.id = s.customer AND s.note <> 'not FROM, WHERE or (') AS i GROUP BY i.city";

  @Test
  void aShortStatementStaysOnItsLine() {
    assertThat(SqlLayout.of("SELECT a FROM t WHERE b", 6)).isEqualTo("SELECT a FROM t WHERE b");
  }

  @Test
  void aLongOneIsBrokenAtItsClauses() {
    assertThat(SqlLayout.of(LONG, 2))
        .isEqualTo(
            """
            INSERT INTO storage
              SELECT i.city, sum(i.amount) FILTER (WHERE i.amount IS NOT NULL) AS total
              FROM (
                SELECT c.city AS city, s.amount
                FROM public.sale AS s, public.customer AS c
                WHERE c.id = s.customer AND s.note <> 'not FROM, WHERE or (') AS i
              GROUP BY i.city\
            """);
  }

  @Test
  void onlyBlanksChange() {
    assertThat(SqlLayout.of(LONG, 60)).isNotEqualTo(LONG).isEqualToIgnoringWhitespace(LONG);
  }

  @Test
  void partsOfAStatementAreLaidOutToo() {
    String part = ", (" + LONG.substring("INSERT INTO storage ".length()) + ") AS c WHERE ";
    assertThat(SqlLayout.of(part, 6)).startsWith(", (").endsWith(" ").contains("\n");
  }
}
