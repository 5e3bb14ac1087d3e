package dev.freshet.compiler.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ViewFilesTest {
  private static List<DeclaredView> declare(String... texts) {
    return ViewFiles.declare(
        IntStream.range(0, texts.length)
            .mapToObj(i -> ViewFile.parse("f" + i + ".sql", texts[i]))
            .toList());
  }

  @Test
  void bringsTogetherWhatFilesSayAboutAView() {
    List<DeclaredView> views =
        declare(
            "COMMENT ON INDEX public.i IS 'x'; GRANT SELECT ON v, w TO r; COMMENT ON COLUMN w.a IS"
                + " 'y'",
            "CREATE MATERIALIZED VIEW public.v WITH (freshet.refresh = full) AS SELECT 1 AS a;"
                + " CREATE INDEX i ON v (a); ALTER MATERIALIZED VIEW v OWNER TO bob",
            "CREATE MATERIALIZED VIEW w AS SELECT 1 AS a");
    assertThat(views).hasSize(2);
    DeclaredView v = views.getFirst();
    assertThat(v.name()).isEqualTo(new QualifiedName("public", "v"));
    assertThat(v.file().source().file()).isEqualTo("f1.sql");
    assertThat(v.indexes()).hasSize(1);
    assertThat(v.comments()).hasSize(1);
    assertThat(v.grants().getFirst().views()).hasSize(1);
    assertThat(v.owner()).isNotNull();
    assertThat(v.options().refresh()).isEqualTo(RefreshStrategy.FULL);
    assertThat(views.getLast().comments()).hasSize(1);
    assertThat(views.getLast().owner()).isNull();
  }

  @Test
  void refusesStatementsAboutViewsThatNoFileCreates() {
    assertThat(
            Refused.text(
                () -> declare("CREATE MATERIALIZED VIEW v AS SELECT 1", "CREATE INDEX ON u (a)")))
        .isEqualTo(
            """
            f1.sql:1: ERROR:  materialized view "u" is not created by these files
            LINE 1: CREATE INDEX ON u (a)
                                    ^
            HINT:  Create it in the same file or in another file that is applied with it.\
            """);
    assertThat(Refused.text(() -> declare("COMMENT ON INDEX i IS 'x'")))
        .startsWith("f0.sql:1: ERROR:  index \"i\" is not created by these files\n");
  }

  @Test
  void refusesAViewThatIsCreatedTwice() {
    assertThat(
            Refused.text(() ->
                declare(
                    "\nCREATE MATERIALIZED VIEW public.v AS SELECT 1",
                    "CREATE MATERIALIZED VIEW public.v AS SELECT 1")))
        .isEqualTo(
            """
            f1.sql:1: ERROR:  materialized view "public.v" is created twice
            LINE 1: CREATE MATERIALIZED VIEW public.v AS SELECT 1
                                             ^
            DETAIL:  The first place is f0.sql:2.\
            """);
  }

  @Test
  void refusesANameThatMeansTwoViews() {
    String views =
        "CREATE MATERIALIZED VIEW a.v AS SELECT 1; CREATE MATERIALIZED VIEW b.v AS SELECT 1;";
    assertThat(Refused.text(() -> declare(views + "CREATE INDEX ON v (x)")))
        .contains("ERROR:  view name \"v\" is ambiguous");
    assertThat(declare(views + "CREATE INDEX ON b.v (x)").getLast().indexes()).hasSize(1);
  }
}
