package dev.freshet.compiler.emit;

import dev.freshet.compiler.sql.QualifiedName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A table that holds the changed rows of another one.
///
/// Besides the captured columns it has `xid xid8`, the transaction of the change; `multiplicity
/// smallint`, 1 for a row that came, -1 for one that went, 0 for a mark; and `mark text`, why the
/// log is incomplete from here. In a mark all captured columns are NULL.
///
/// @param id its number in the catalog
/// @param relation whose changes it holds, with those of its partitions and children
/// @param table the log itself, as qualified SQL text
/// @param immediate its rows are applied and deleted by the transaction that wrote them
/// @param columns the column of the log by the name of the captured column
public record ChangeLog(
    int id, QualifiedName relation, String table, boolean immediate, Map<String, String> columns) {
  public ChangeLog {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }

  /// The sequence whose value is 2 while nothing is captured.
  String closed() {
    QualifiedName name = QualifiedName.parse(table);
    return new QualifiedName(name.schema(), name.name() + "_closed").sql();
  }
}
