package dev.freshet.compiler.bind;

import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Query.CommonTable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The entries of WITH lists that a query can refer to.
record Names(Map<String, Entry> entries) {
  static final Names NONE = new Names(Map.of());

  /// @param known what the entry itself can refer to
  /// @param outer the columns that it can use besides its own
  record Entry(CommonTable table, Names known, @Nullable Scope outer) {}

  /// @param outer what is around the query that has the list
  Names with(Query.With with, @Nullable Scope outer) {
    if (with.tables().isEmpty()) {
      return this;
    }
    if (with.recursive()) {
      throw new Declined("WITH RECURSIVE");
    }
    Names names = this;
    for (CommonTable table : with.tables()) {
      Map<String, Entry> more = new HashMap<>(names.entries);
      more.put(table.name().name().name(), new Entry(table, names, outer));
      names = new Names(more);
    }
    return names;
  }

  @Nullable Entry entry(String name) {
    return entries.get(name);
  }
}
