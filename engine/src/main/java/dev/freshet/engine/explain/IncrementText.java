package dev.freshet.engine.explain;

import dev.freshet.Explanation.Section;
import dev.freshet.compiler.Compiled;
import dev.freshet.compiler.emit.CapturedTable;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.explain.DeltaText;
import dev.freshet.compiler.explain.Lookups;
import dev.freshet.compiler.explain.Obstacle;
import dev.freshet.compiler.explain.Remedy;
import dev.freshet.compiler.explain.SourceLines;
import dev.freshet.compiler.sql.SqlText;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.install.Candidate;
import java.util.ArrayList;
import java.util.List;

/// What an incremental refresh of a view does, or why there is none.
final class IncrementText {
  private final Session session;

  IncrementText(Session session) {
    this.session = session;
  }

  /// Within the transaction in which the candidate was compiled.
  List<Section> sections(Candidate candidate) {
    return switch (candidate.compiled()) {
      case Compiled.Full full -> List.of(new Section("Incremental refresh", no(candidate, full)));
      case Compiled.Incremental(var written, IncrementScript script) -> {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("Incremental refresh", operators(candidate, script)));
        sections.add(new Section("Captured for it", captured(script)));
        sections.add(
            new Section("Searches in tables", new LookupText(session).lines(Lookups.of(script))));
        sections.add(new Section("Kept besides the rows", new StateText(session).lines(script)));
        yield sections.stream().filter(section -> !section.lines().isEmpty()).toList();
      }
    };
  }

  static List<String> no(Candidate candidate, Compiled.Full full) {
    SqlText written = candidate.source();
    String line =
        new Obstacle(full.reason(), full.part(), SqlText.of(candidate.query()))
            .find(written, candidate.span())
            .map(part -> ", line " + written.position(part).line())
            .orElse("");
    return List.of("not possible%s: %s".formatted(line, full.reason()), Remedy.on(full.reason()));
  }

  static List<String> operators(Candidate candidate, IncrementScript script) {
    return DeltaText.of(script, SourceLines.of(candidate.source(), candidate.span()));
  }

  private List<String> captured(IncrementScript script) {
    return script.captured().stream().map(this::captured).toList();
  }

  private String captured(CapturedTable table) {
    String columns = String.join(", ", table.columns());
    String refusal =
        session
            .first(
                "SELECT r FROM freshet.capture_refusal(?::regclass, ?::name[]) r WHERE r IS NOT NULL",
                row -> row.getString(1),
                table.relation().sql(),
                table.columns().toArray(String[]::new))
            .map(reason -> ": not possible, " + reason + ". " + Remedy.on(reason))
            .orElseGet(() -> log(table));
    return table.relation() + " (" + columns + ")" + refusal;
  }

  /// The log in which the current role already has the table captured, if there is one.
  private String log(CapturedTable table) {
    return session
        .first(
            """
            SELECT l.log::text FROM freshet.change_logs l
            WHERE l.relation = ?::regclass AND l.owner = quote_ident(current_user)::regrole
            """,
            row -> row.getString(1),
            table.relation().sql())
        .map(this::content)
        .orElse(", in a log that has yet to be made");
  }

  private String content(String log) {
    return session.one(
        "SELECT format(', in %%s: %%s rows, %%s', ?, count(*), pg_size_pretty(pg_total_relation_size(?::regclass))) FROM %s l WHERE l.multiplicity <> 0"
            .formatted(log),
        row -> row.getString(1),
        log,
        log);
  }
}
