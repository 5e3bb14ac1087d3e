package dev.freshet.engine.install;

import dev.freshet.View;
import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.ViewOptions.HiddenState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A view that Freshet looks after, as the catalog and the server know it.
///
/// @param id number in the catalog
/// @param name what the user reads
/// @param base start of the names of its objects
/// @param owner role name
/// @param options by name without `freshet.`
/// @param query canonical text of its query
/// @param origin what applied it
/// @param indexes canonical text of those that its file declared, by the name of the generated
///   index
record ExistingView(
    int id,
    QualifiedName name,
    View.Kind kind,
    String base,
    int revision,
    int generation,
    String owner,
    boolean unlogged,
    Map<String, String> options,
    String query,
    @Nullable String origin,
    Map<String, String> indexes) {

  ExistingView withIndexes(Map<String, String> definitions) {
    return new ExistingView(
        id,
        name,
        kind,
        base,
        revision,
        generation,
        owner,
        unlogged,
        options,
        query,
        origin,
        definitions);
  }

  HiddenState hiddenState() {
    return HiddenState.of(options.get("hidden_state"));
  }

  int shards() {
    return Integer.parseInt(options.getOrDefault("shards", "1"));
  }

  /// Qualified name of one of its objects in schema `freshet_data`.
  String object(String suffix) {
    return new QualifiedName("freshet_data", base + suffix).sql();
  }

  /// What the generated index of this declared name is called.
  String indexName(String declared) {
    return ObjectNames.index(declared, id, revision);
  }

  /// The name that the view file gave an index, from that of the generated one.
  String declaredName(String index) {
    String number = indexName("");
    return index.endsWith(number) ? index.substring(0, index.length() - number.length()) : index;
  }
}
