package dev.freshet.compiler.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.compiler.sql.Statement.CreateMaterializedView;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParsedQueryTest {
  private static String relations(String query) {
    return String.join(
        " ", ParsedQuery.parse(query).relations().stream().map(QualifiedName::sql).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SELECT 1 | ",
        "SELECT a FROM t, s.t, \"T\" x, t y | t s.t \"T\"",
        "TABLE t UNION (TABLE ONLY u) | t u",
        "SELECT (SELECT 1 FROM a) FROM b WHERE x IN (SELECT 1 FROM c) ORDER BY (SELECT 1 FROM d) |"
            + " a b c d",
        "SELECT 1 FROM a JOIN LATERAL (SELECT 1 FROM b) x ON EXISTS (SELECT 1 FROM c) | a b c",
        "SELECT 1 FROM f(a.b) | ",
        "SELECT XMLELEMENT(NAME x, (SELECT 1 FROM a)), EXTRACT(year FROM (SELECT 1 FROM b)) | a b",
        "WITH c AS (SELECT 1 FROM t) SELECT 1 FROM c, public.c | t public.c",
        "WITH c AS (SELECT 1 FROM c) SELECT 1 FROM c | c",
        "WITH RECURSIVE c AS (SELECT 1 UNION SELECT 1 FROM c, d), d AS (SELECT 1) SELECT 1 FROM d |"
            + " ",
        "WITH c AS (SELECT 1), d AS (SELECT 1 FROM c) SELECT 1 FROM d WHERE EXISTS (TABLE c) | ",
        "SELECT 1 FROM (WITH c AS (SELECT 1) SELECT 1 FROM c) x, c | c"
      })
  void findsTheRelationsThatAQueryReads(String query, String relations) {
    assertThat(relations(query)).isEqualTo(relations == null ? "" : relations);
  }

  @Test
  void countsPlacesInTheWholeFile() {
    String text =
        "-- \u00E4\uD83D\uDE00\nCREATE MATERIALIZED VIEW v AS SELECT o.\"Id\" FROM s . orders o;";
    ViewFile file = ViewFile.parse("v.sql", text);
    CreateMaterializedView view = file.views().getFirst();
    ParsedQuery query = ParsedQuery.parse(file.source(), view.query().span());
    Span table = query.tables().getFirst().table().span();
    assertThat(file.source().slice(table)).isEqualTo("s . orders");
    assertThat(file.source().position(table).line()).isEqualTo(2);
    assertThat(file.source().position(table).column()).isEqualTo(50);
    assertThat(file.source().slice(query.columns().getFirst().span())).isEqualTo("o.\"Id\"");
    assertThat(query.columns().getFirst().path()).containsExactly("o", "Id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SELECT v.a FROM v WHERE v.b > 0 | SELECT v.a FROM d.v_1 AS v WHERE v.b > 0",
        "SELECT x.a FROM v AS x | SELECT x.a FROM d.v_1 AS x",
        "SELECT s.w.a, w.b FROM s.w | SELECT w.a, w.b FROM d.\"W 2\" AS w",
        "SELECT \"s\" . w.a FROM ONLY s.w | SELECT  w.a FROM ONLY d.\"W 2\" AS w",
        "TABLE v | TABLE d.v_1",
        "SELECT 1 FROM v TABLESAMPLE system (1) | SELECT 1 FROM d.v_1 AS v TABLESAMPLE system (1)",
        "WITH v AS (SELECT 1 FROM v) TABLE v | WITH v AS (SELECT 1 FROM d.v_1 AS v) TABLE v",
        "SELECT 'v' /* v */ FROM t v | SELECT 'v' /* v */ FROM t v"
      })
  void readsFromOtherRelations(String query, String expected) {
    Map<QualifiedName, QualifiedName> targets =
        Map.of(
            QualifiedName.of("v"),
            new QualifiedName("d", "v_1"),
            new QualifiedName("s", "w"),
            new QualifiedName("d", "W 2"));
    assertThat(ParsedQuery.parse(query).readingFrom(targets)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "select a+b*c from t where not x and y or z | SELECT (a + (b * c)) FROM t WHERE (((NOT x)"
            + " AND y) OR z)",
        "select * from a join b on c left join d using (e) | SELECT * FROM ((a INNER JOIN b ON c)"
            + " LEFT JOIN d USING (e))",
        "select 1 union select 2 intersect select 3 | (SELECT 1) UNION ((SELECT 2) INTERSECT"
            + " (SELECT 3))",
        "select a[1].b, (c).d, (e)[2:] | SELECT a[1].b, (c).d, e[2:]",
        "select cast(a as int), b::numeric ( 10 , 2 )[] | SELECT CAST(a AS int), CAST(b AS"
            + " numeric(10, 2)[])",
        "select b::text /* why */ + 'x' | SELECT (CAST(b AS text) + 'x')",
        "select a in (1) in (2) is null is true | SELECT ((((a IN (1)) IN (2)) IS NULL) IS TRUE)",
        "select - 1 - - 2 | SELECT ((- 1) - (- 2))",
        "select a from t group by rollup (a, b), cube (c) | SELECT a FROM t GROUP BY ROLLUP (a, b),"
            + " CUBE (c)"
      })
  void printsWithEveryParenthesis(String query, String expected) {
    String printed = SqlPrinter.print(ParsedQuery.parse(query).query());
    assertThat(printed).isEqualTo(expected);
    assertThat(SqlPrinter.print(ParsedQuery.parse(printed).query())).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SELECT 1 FROM t FOR UPDATE | 0A000 | row locks are not allowed in the query of a view |"
            + " 17",
        "SELECT 1 INTO x FROM t | 0A000 | SELECT INTO is not allowed in the query of a view | 10",
        "INSERT INTO t VALUES (1) | 0A000 | the query of a view must be a SELECT | 1",
        "WITH x AS (DELETE FROM t RETURNING a) TABLE x | 0A000 | materialized views must not use"
            + " data-modifying statements in WITH | 12",
        "SELECT $1 | 42P02 | there is no parameter $1 | 8",
        "SELECT a < b < c | 42601 | syntax error at or near \"<\" | 14",
        "SELECT a LIKE b LIKE c | 42601 | syntax error at or near \"LIKE\" | 17",
        "SELECT a IS DISTINCT FROM b IS NULL | 42601 | syntax error at or near \"IS\" | 29",
        "SELECT 1 + * | 42601 | syntax error at or near \"*\" | 12",
        "SELECT a FROM (t) | 42601 | syntax error at or near \")\" | 17",
        "VALUES (1, DEFAULT) | 42601 | DEFAULT is not allowed in this context | 12",
        "SELECT 1 ORDER BY 1 ORDER BY 2 | 42601 | syntax error at or near \"ORDER\" | 21",
        "SELECT 1 LIMIT 1 FETCH FIRST ROW ONLY | 42601 | syntax error at or near \"FETCH\" | 18",
        "SELECT a FROM x.y.z | 0A000 | cross-database references are not implemented: x.y.z | 15",
        "SELECT a IS OF (int) | 0A000 | IS OF is not supported | 8",
        "SELECT TREAT(a AS int) | 0A000 | TREAT is not supported | 8",
        "SELECT a::SETOF int | 42601 | syntax error at or near \"SETOF\" | 11",
        "SELECT NULLIF(1) | 42601 | syntax error at or near \")\" | 16",
        "SELECT a = ANY (b) + c | 0A000 | an operator beside ANY or ALL needs parentheses | 12",
        "SELECT a = ANY (b)::text | 0A000 | an operator beside ANY or ALL needs parentheses | 12",
        "SELECT ANY (b) | 0A000 | an operator beside ANY or ALL needs parentheses | 8",
        "SELECT ON | 42601 | syntax error at or near \"ON\" | 8",
        "SELECT a FROM t JOIN u USING (t.a) | 42601 | syntax error at or near \".\" | 32"
      })
  void refusesAtThePlace(String query, String sqlState, String message, int character) {
    var problem = Refused.problem(() -> ParsedQuery.parse(query));
    assertThat(problem.message()).isEqualTo(message);
    assertThat(problem.sqlState()).isEqualTo(sqlState);
    assertThat(Refused.character(problem)).isEqualTo(character);
  }

  @Test
  void readsLongListsOfConditions() {
    String query = "SELECT a FROM t WHERE " + "a = 1 OR ".repeat(20_000) + "a = 2";
    assertThat(ParsedQuery.parse(query).columns()).hasSize(20_002);
  }

  @Test
  void refusesWhatIsNestedTooDeep() {
    String query = "SELECT 1" + " + 1".repeat(50_000);
    var problem = Refused.problem(() -> ParsedQuery.parse(query));
    assertThat(problem.sqlState()).isEqualTo("54001");
    assertThat(problem.message()).isEqualTo("stack depth limit exceeded");
  }
}
