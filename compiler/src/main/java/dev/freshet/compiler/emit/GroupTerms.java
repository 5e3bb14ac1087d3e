package dev.freshet.compiler.emit;

import dev.freshet.compiler.sql.Quote;
import java.util.function.UnaryOperator;

/// What stands in SQL for a group as it will be: the text of each key, by its name, and that of
/// each number that is kept, by the name of its column.
record GroupTerms(UnaryOperator<String> key, UnaryOperator<String> number) {

  /// A group whose columns are those of a query.
  static GroupTerms of(String alias) {
    return new GroupTerms(key -> alias + "." + Quote.name(key), number -> alias + "." + number);
  }
}
