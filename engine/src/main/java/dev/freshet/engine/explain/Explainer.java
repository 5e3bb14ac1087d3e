package dev.freshet.engine.explain;

import dev.freshet.ExplainStage;
import dev.freshet.Explanation;
import dev.freshet.View;
import dev.freshet.compiler.explain.FunctionLayout;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.install.Candidates;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Explains a view that exists.
public final class Explainer {
  private final Session session;

  public Explainer(Session session) {
    this.session = session;
  }

  public Explanation explain(View view, boolean analyze) {
    List<Explanation.Section> sections = new ArrayList<>();
    sections.add(
        new Explanation.Section("Strategies and their locks", StrategyText.lines(view.kind())));
    sections.add(
        new Explanation.Section(
            "Options",
            new TreeMap<>(view.options())
                .entrySet().stream()
                    .map(o -> "freshet." + o.getKey() + " = '" + o.getValue() + "'")
                    .toList()));
    sections.addAll(increment(view));
    sections.add(new Explanation.Section("Rows are told apart by", List.of(key(view))));
    sections.add(new Explanation.Section("Objects", objects(view)));
    sections.add(new Explanation.Section("Reads", sources(view)));
    if (analyze) {
      requireTrust(view);
      sections.addAll(new PlanComparison(session).compare(view));
    }
    return new Explanation(view.name(), sections);
  }

  /// One stage of the way from the query to the SQL that keeps it fresh.
  public Explanation stage(View view, ExplainStage stage) {
    requireTrust(view);
    Explanation.Section section =
        stage == ExplainStage.SQL && isIncremental(view)
            ? new Explanation.Section("Installed function", installed(view))
            : new Candidates(session).of(view.id(), c -> StageText.of(c, stage));
    return new Explanation(view.name(), List.of(section));
  }

  /// Nothing for those who may not act as the owner, and on a standby, where nothing can be tried.
  private List<Explanation.Section> increment(View view) {
    boolean possible =
        view.kind() == View.Kind.MANAGED
            && session.one(
                "SELECT freshet.may_refresh(?) AND NOT pg_is_in_recovery()",
                row -> row.getBoolean(1),
                view.id());
    return possible
        ? new Candidates(session)
            .of(
                view.id(),
                candidate -> {
                  List<Explanation.Section> sections = new ArrayList<>();
                  sections.addAll(new IncrementText(session).sections(candidate));
                  sections.addAll(waiting(view));
                  sections.addAll(whoWaits(view));
                  return sections;
                })
        : List.of();
  }

  /// What the next refresh has to do.
  private List<Explanation.Section> waiting(View view) {
    return session
        .list(
            """
            SELECT coalesce('the whole query is run: ' || c.obstacle, format('%s changed rows wait', c.pending))
            FROM freshet.materialized_views m CROSS JOIN LATERAL freshet.captured(m) c
            WHERE m.id = ? AND freshet.is_incremental(m)
            """,
            row -> row.getString(1), view.id())
        .stream()
        .map(line -> new Explanation.Section("At the next refresh", List.of(line)))
        .toList();
  }

  /// What writers have to expect of a view that they maintain.
  private List<Explanation.Section> whoWaits(View view) {
    return session
        .list(
            """
            SELECT w FROM freshet.materialized_views m CROSS JOIN LATERAL freshet.who_waits(m) w
            WHERE m.id = ? AND w IS NOT NULL
            """,
            row -> row.getString(1),
            view.id())
        .stream()
        .map(line -> new Explanation.Section("Maintained by writers", List.of(line)))
        .toList();
  }

  private boolean isIncremental(View view) {
    return session.one(
        "SELECT freshet.is_incremental(m) OR freshet.is_immediate(m) FROM freshet.materialized_views m WHERE m.id = ?",
        row -> row.getBoolean(1),
        view.id());
  }

  private List<String> installed(View view) {
    String function =
        session.one(
            """
            SELECT pg_get_functiondef(p.oid) FROM freshet.materialized_views m
            JOIN pg_proc p ON p.pronamespace = 'freshet_data'::regnamespace AND p.proname IN (m.base_name || '_increment', m.base_name || '_apply')
            WHERE m.id = ?
            """,
            row -> row.getString(1),
            view.id());
    return FunctionLayout.lines(function);
  }

  /// Functions in the query would run with the rights of this session.
  private void requireTrust(View view) {
    session.one(
        """
        SELECT freshet.require_trust(c.relowner::regrole)::text
        FROM freshet.materialized_views m JOIN pg_class c ON c.oid = m.relation WHERE m.id = ?
        """,
        row -> row.getString(1),
        view.id());
  }

  private String key(View view) {
    String relation =
        session.one(
            "SELECT CASE m.kind WHEN 'native' THEN m.relation ELSE m.storage END::text FROM freshet.materialized_views m WHERE m.id = ?",
            row -> row.getString(1),
            view.id());
    List<String> key =
        dev.freshet.engine.schema.StorageReader.key(session, relation).stream()
            .map(column -> column.name())
            .toList();
    return key.isEmpty()
        ? "their whole image and a number among copies: there is no usable unique index, so the"
            + " diff sorts both sides; a unique index on plain columns makes it faster"
        : "unique index on (" + String.join(", ", key) + ")";
  }

  private List<String> objects(View view) {
    return session.list(
        """
        SELECT o.line FROM freshet.materialized_views m
        CROSS JOIN LATERAL (
          SELECT 0 AS place, format('view %s, owner %s', m.relation, (SELECT relowner::regrole FROM pg_class WHERE oid = m.relation)) AS line
          UNION ALL SELECT 0.5, format('view %s, with the changes that wait', m.real_time) WHERE EXISTS (SELECT FROM pg_class c WHERE c.oid = m.real_time)
          UNION ALL SELECT 1, format('storage %s, %s', m.storage, pg_size_pretty(pg_total_relation_size(m.storage)))
          UNION ALL SELECT 2, format('definition %s', m.definition)
          UNION ALL SELECT 3, format('function %s', p.oid::regprocedure) FROM freshet.functions_of(m) p
          UNION ALL SELECT 3, format('function freshet_data.%I(uuid)', m.base_name || '_current') WHERE freshet.reads_changes(m.base_name::text)
          UNION ALL SELECT 4, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = m.storage
        ) o
        WHERE m.id = ? ORDER BY o.place, o.line
        """,
        row -> row.getString(1), view.id());
  }

  private List<String> sources(View view) {
    return session.list(
        """
        SELECT concat(CASE WHEN r.view_id IS NOT NULL THEN 'materialized view ' WHEN c.relkind = 'v' THEN 'view ' ELSE 'table ' END,
          c.oid::regclass)
        FROM freshet.materialized_views m
        CROSS JOIN LATERAL freshet.relations_read(m.definition) r
        JOIN pg_class c ON c.oid = r.relation
        WHERE m.id = ? ORDER BY 1
        """,
        row -> row.getString(1),
        view.id());
  }

  /// The name of the definition view of a view.
  static String definition(Session session, int id) {
    return session.one(
        """
        SELECT n.nspname, c.relname FROM freshet.materialized_views m
        JOIN pg_class c ON c.oid = m.definition JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE m.id = ?
        """,
        row -> new QualifiedName(row.getString(1), row.getString(2)).sql(),
        id);
  }
}
