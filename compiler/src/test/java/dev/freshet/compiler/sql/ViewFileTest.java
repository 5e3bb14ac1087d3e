package dev.freshet.compiler.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.compiler.sql.Statement.Comment;
import dev.freshet.compiler.sql.Statement.CommentSubject.OnColumn;
import dev.freshet.compiler.sql.Statement.CommentSubject.OnIndex;
import dev.freshet.compiler.sql.Statement.CommentSubject.OnView;
import dev.freshet.compiler.sql.Statement.CreateIndex;
import dev.freshet.compiler.sql.Statement.CreateMaterializedView;
import dev.freshet.compiler.sql.Statement.Grant;
import dev.freshet.compiler.sql.Statement.OwnerTo;
import dev.freshet.compiler.sql.Statement.Privilege;
import dev.freshet.compiler.sql.Statement.Role;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViewFileTest {
  private static <T extends Statement> T only(Class<T> type, String text) {
    List<Statement> statements = ViewFile.parse("v.sql", text).statements();
    assertThat(statements).hasSize(1);
    return type.cast(statements.getFirst());
  }

  private static CreateMaterializedView view(String text) {
    return only(CreateMaterializedView.class, text);
  }

  private static CreateIndex index(String text) {
    return only(CreateIndex.class, text);
  }

  @Test
  void readsEveryClauseOfAView() {
    String text =
        """
        -- the first line
        CREATE MATERIALIZED VIEW IF NOT EXISTS Sales."Monthly; Revenue" (Month, "Order Count")
        USING heap
        WITH (Freshet.refresh = 'auto', fillfactor = 70, freshet.unlogged, toast.autovacuum_enabled = off)
        TABLESPACE fast AS
          SELECT date_trunc('month', created_at), count(*) -- both
          FROM orders /* all */ GROUP BY 1 -- end
        WITH NO DATA;
        """;
    CreateMaterializedView view = view(text);
    assertThat(view.view().name()).isEqualTo(new QualifiedName("sales", "Monthly; Revenue"));
    assertThat(view.ifNotExists()).isTrue();
    assertThat(view.columns()).containsExactly("month", "Order Count");
    assertThat(view.clauses().accessMethod()).isEqualTo("heap");
    assertThat(view.clauses().tablespace()).isEqualTo("fast");
    assertThat(view.clauses().options())
        .extracting(OptionSetting::sql)
        .containsExactly("freshet.refresh = 'auto'", "freshet.unlogged = 'true'");
    assertThat(view.clauses().storageParameters())
        .extracting(OptionSetting::sql)
        .containsExactly("fillfactor = '70'", "toast.autovacuum_enabled = 'off'");
    assertThat(view.query().withData()).isFalse();
    assertThat(view.query().text()).startsWith("SELECT date_trunc").endsWith("GROUP BY 1");
    assertThat(text.substring(view.query().span().start(), view.query().span().end()))
        .isEqualTo(view.query().text());
    assertThat(text.substring(view.span().start(), view.span().end()))
        .startsWith("CREATE")
        .endsWith("NO DATA");
  }

  @Test
  void readsTheShortestView() {
    CreateMaterializedView view = view("create materialized view v as table t");
    assertThat(view.view().name()).isEqualTo(QualifiedName.of("v"));
    assertThat(view.columns()).isEmpty();
    assertThat(view.query().withData()).isTrue();
    assertThat(view.query().text()).isEqualTo("table t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Orders | orders",
        "\"Orders\" | Orders",
        "\"a\"\"b\" | a\"b",
        "\u00C4rger | \u00C4rger",
        "\"select\" | select",
        "U&\"d\\0061t\\+000061\" | data",
        "U&\"d!0061t\" UESCAPE '!' | dat",
        "\uD83D\uDE00 | \uD83D\uDE00",
        "value | value"
      })
  void foldsAndUnquotesNamesAsPostgresDoes(String written, String name) {
    assertThat(view("CREATE MATERIALIZED VIEW " + written + " AS SELECT 1").view().name().name())
        .isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "'full'", "$$full$$", "E'\\x66ull'", "U&'f\\0075ll'", "FULL"})
  void readsOptionValuesInEveryForm(String written) {
    CreateMaterializedView view =
        view("CREATE MATERIALIZED VIEW v WITH (freshet.refresh = " + written + ") AS SELECT 1");
    assertThat(view.clauses().options())
        .extracting(OptionSetting::name, OptionSetting::value)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("freshet.refresh", "full"));
  }

  @Test
  void splitsAtSemicolonsOutsideOfStringsNamesAndComments() {
    ViewFile file =
        ViewFile.parse(
            "v.sql",
            """
            ;; CREATE MATERIALIZED VIEW a AS SELECT ';' AS x, $q$;$$;$q$, E'\\';', ";" /* ; /* ; */ ; */ FROM t -- ;
            ; CREATE MATERIALIZED VIEW b AS SELECT 1\
            """);
    assertThat(file.views())
        .extracting(view -> view.view().name().name())
        .containsExactly("a", "b");
  }

  @Test
  void readsAnEmptyFile() {
    assertThat(ViewFile.parse("v.sql", "\uFEFF -- nothing\n;/* at all */").statements()).isEmpty();
  }

  @Test
  void printsAnIndexForAnotherRelation() {
    CreateIndex index =
        index(
            """
            CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "I" ON public.v USING gist
              (v.a DESC NULLS LAST, lower(public.v.b) text_ops(x = 1), ((v.c + "v".d)), e.v.f COLLATE "C")
            INCLUDE (g, "H") NULLS NOT DISTINCT WITH (fillfactor = 70, fastupdate) TABLESPACE ts
            WHERE v.a > 0 AND b <> 'v.x'\
            """);
    assertThat(index.sql("My Index", new QualifiedName("freshet_data", "v_12")))
        .isEqualTo(
            "CREATE UNIQUE INDEX \"My Index\" ON freshet_data.v_12 USING gist"
                + " (a DESC NULLS LAST, lower(b) text_ops(x = 1), ((c + d)), e.v.f COLLATE \"C\")"
                + " INCLUDE (g, \"H\") NULLS NOT DISTINCT"
                + " WITH (fillfactor = '70', fastupdate = 'true') TABLESPACE ts"
                + " WHERE a > 0 AND b <> 'v.x'");
    assertThat(index.head()).isEqualTo(new Statement.IndexHead("I", true, true, true));
    assertThat(index.view().name()).isEqualTo(new QualifiedName("public", "v"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "CREATE UNIQUE INDEX ON v (a, b DESC) | a b",
        "CREATE UNIQUE INDEX i ON v USING btree (a) INCLUDE (c) | a",
        "CREATE INDEX i ON v (a) | none",
        "CREATE UNIQUE INDEX i ON v (lower(a)) | none",
        "CREATE UNIQUE INDEX i ON v (a COLLATE \"C\") | none",
        "CREATE UNIQUE INDEX i ON v (a text_pattern_ops) | none",
        "CREATE UNIQUE INDEX i ON v (a) WHERE a > 0 | none"
      })
  void knowsWhichIndexesAreKeys(String text, String key) {
    assertThat(index(text).uniqueKey().map(columns -> String.join(" ", columns)).orElse(null))
        .isEqualTo(key);
  }

  @Test
  void readsComments() {
    ViewFile file =
        ViewFile.parse(
            "v.sql",
            """
            COMMENT ON MATERIALIZED VIEW s.v IS 'it''s';
            COMMENT ON COLUMN s.v."Col" IS NULL;
            COMMENT ON COLUMN v.c IS 'a'
              'b';
            COMMENT ON INDEX i IS E'tab\\t';
            """);
    assertThat(file.statements())
        .extracting(statement -> ((Comment) statement).text())
        .containsExactly("it's", null, "ab", "tab\t");
    assertThat(file.statements())
        .extracting(statement -> ((Comment) statement).subject().getClass().getSimpleName())
        .containsExactly(
            OnView.class.getSimpleName(),
            OnColumn.class.getSimpleName(),
            OnColumn.class.getSimpleName(),
            OnIndex.class.getSimpleName());
    Comment column = (Comment) file.statements().get(1);
    assertThat(column.subject())
        .isEqualTo(
            new OnColumn(new ObjectName(new QualifiedName("s", "v"), new Span(63, 66)), "Col"));
  }

  @Test
  void readsGrants() {
    Grant grant =
        only(
            Grant.class,
            "GRANT SELECT (a, \"B\"), REFERENCES (c) ON TABLE v, s.w TO Alice, PUBLIC, GROUP \"G\","
                + " CURRENT_USER WITH GRANT OPTION");
    assertThat(grant.privileges())
        .containsExactly(
            new Privilege("SELECT", List.of("a", "B")), new Privilege("REFERENCES", List.of("c")));
    assertThat(grant.views())
        .extracting(ObjectName::name)
        .containsExactly(QualifiedName.of("v"), new QualifiedName("s", "w"));
    assertThat(grant.grantees())
        .containsExactly(
            new Role("alice", false),
            new Role("PUBLIC", true),
            new Role("G", false),
            new Role("CURRENT_USER", true));
    assertThat(grant.withGrantOption()).isTrue();
    assertThat(only(Grant.class, "grant all privileges on v to r").privileges())
        .containsExactly(new Privilege("ALL", List.of()));
  }

  @Test
  void readsOwners() {
    OwnerTo owner = only(OwnerTo.class, "ALTER MATERIALIZED VIEW IF EXISTS s.v OWNER TO \"Bob\"");
    assertThat(owner.view().name()).isEqualTo(new QualifiedName("s", "v"));
    assertThat(owner.owner().sql()).isEqualTo("\"Bob\"");
    assertThat(owner.ifExists()).isTrue();
  }
}
