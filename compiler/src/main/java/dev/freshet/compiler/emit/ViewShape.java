package dev.freshet.compiler.emit;

import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Quote;
import java.util.List;

/// What the SQL of one managed view depends on.
///
/// @param view what the user reads
/// @param base start of the names of the view's objects, at most 47 bytes
/// @param columns in order
/// @param key of the unique index that tells rows apart; empty if there is none
/// @param keyAlone no other unique index exists, so rows may be updated one by one
/// @param storage how its tables are made
public record ViewShape(
    QualifiedName view,
    String base,
    List<StoredColumn> columns,
    List<KeyColumn> key,
    boolean keyAlone,
    StorageShape storage) {

  /// How the storage tables are made and their functions run.
  ///
  /// @param viewId number of the view in the catalog
  /// @param unlogged without WAL, empty after a crash
  /// @param parameters the storage parameters, as SQL text without parentheses
  /// @param tablespace `TABLESPACE name`, or empty for the default
  /// @param settings the session settings its query was declared under
  /// @param topOff how part of it is renewed
  public record StorageShape(
      int viewId,
      boolean unlogged,
      String parameters,
      String tablespace,
      List<SessionSetting> settings,
      TopOff topOff) {}

  /// Qualified name of one of the view's objects, such as `freshet_data.sales_1_diff`.
  public String object(String suffix) {
    return new QualifiedName("freshet_data", base + suffix).sql();
  }

  /// The storage table.
  String storageTable() {
    return object("");
  }

  /// The plain view of what the storage holds: the view's query, or more than that.
  String definition() {
    return object(columns.stream().anyMatch(StoredColumn::isHidden) ? "_stored" : "_query");
  }

  /// The columns that the user sees.
  public List<StoredColumn> shownColumns() {
    return columns.stream().filter(column -> !column.isHidden()).toList();
  }

  /// Whether a group can have several rows in the storage.
  boolean isSharded() {
    return columns.stream().anyMatch(column -> column.name().equals(Shards.SHARD));
  }

  /// A storage that is built but not yet published.
  String nextTable() {
    return object("_next");
  }

  /// `prefix.a, prefix.b`, all columns.
  String columnList(String prefix) {
    return String.join(", ", columns.stream().map(c -> prefix + Quote.name(c.name())).toList());
  }
}
