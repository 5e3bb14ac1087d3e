package dev.freshet.engine.install;

import dev.freshet.compiler.Compiled;
import dev.freshet.compiler.emit.CapturedTable;
import dev.freshet.compiler.emit.ChangeLog;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.emit.TopOff;
import dev.freshet.compiler.emit.ViewShape;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A view as the compiler sees it, whether it exists or not.
///
/// @param source the text in which its query was written
/// @param span of the query in that text
/// @param query canonical
public record Candidate(
    QualifiedName view, SqlText source, Span span, String query, Compiled compiled) {

  /// The SQL that would be installed, under names with the number 0: apply gives the next ones.
  public String sql(IncrementScript script) {
    String base = ObjectNames.base(view.name(), 0, 1);
    ViewShape.StorageShape storage =
        new ViewShape.StorageShape(0, false, "", "", List.of(), new TopOff.None());
    ViewShape shape = new ViewShape(view, base, List.of(), List.of(), true, storage);
    return script.sql(shape, script.captured().stream().map(Candidate::log).toList(), true);
  }

  private static ChangeLog log(CapturedTable table) {
    Map<String, String> columns = new LinkedHashMap<>();
    table.columns().forEach(column -> columns.put(column, "c" + (columns.size() + 1)));
    String name = ObjectNames.log(table.relation().name(), 0);
    return new ChangeLog(
        0, table.relation(), new QualifiedName("freshet_data", name).sql(), false, columns);
  }
}
