package dev.freshet.compiler.bind;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.RelationSql;
import java.util.List;

/// Makes sure that a relation has the columns of the query it was made of: where PostgreSQL has
/// chosen another type for a value, the rows would not be those that are stored.
public final class SameTypes {
  private SameTypes() {}

  /// Declines a relation with columns of other types.
  ///
  /// @param query as text, without a semicolon
  public static void require(String query, Relation relation, Schema schema) {
    List<ColumnType> wanted = schema.describe(query);
    List<ColumnType> found = schema.describe(RelationSql.query(relation));
    for (int i = 0; i < wanted.size(); i++) {
      if (!wanted.get(i).declaration().equals(found.get(i).declaration())) {
        throw new Declined(
            "column %s, which would be computed as %s"
                .formatted(wanted.get(i).declaration(), found.get(i).declaration()));
      }
    }
  }
}
