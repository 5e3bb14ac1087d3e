package dev.freshet.tests.random.query;

import dev.freshet.tests.random.table.DataType;
import dev.freshet.tests.random.table.Table;
import java.util.List;

/// A query in SQL.
///
/// @param views statements that create the plain views that it reads
/// @param determined the data determine how its rows look, not only what they equal
/// @param types of its columns
public record QueryText(List<String> views, String sql, boolean determined, List<DataType> types) {

  public static QueryText of(Query query, String prefix, List<Table> tables) {
    QueryWriter writer = new QueryWriter(prefix, tables);
    Block block = writer.write(query);
    return new QueryText(
        writer.views(),
        block.sql(),
        block.outputs().stream().allMatch(Output::determined),
        block.outputs().stream().map(Output::type).toList());
  }
}
