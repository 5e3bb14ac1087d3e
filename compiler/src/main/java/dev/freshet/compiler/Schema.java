package dev.freshet.compiler;

import dev.freshet.compiler.sql.QualifiedName;
import dev.freshet.compiler.sql.Quote;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the compiler has to know about the database. It asks, and whoever talks to PostgreSQL
/// answers.
public interface Schema {

  /// The relation of this name.
  Source relation(QualifiedName name);

  /// The functions of this name taken together.
  ///
  /// @param name without a schema for one of PostgreSQL's own
  FunctionTraits function(QualifiedName name);

  /// A function of the user's that is not IMMUTABLE and that a query calls, also through operators,
  /// casts, aggregates and plain views; empty without one.
  Optional<MutableFunction> mutableFunction(String query);

  /// The columns that a query returns.
  List<ColumnType> describe(String query);

  /// What a name in FROM stands for.
  sealed interface Source {
    /// Rows that are stored, and whose changes can be captured.
    ///
    /// @param captured the table whose changes are captured; of a managed view its storage
    /// @param shown a column of the captured table that is true for the rows that a query sees;
    ///   empty if it sees all
    /// @param keys sets of columns that are never NULL, in each of which no two rows agree
    record Table(
        QualifiedName captured,
        List<TableColumn> columns,
        Optional<String> shown,
        List<Set<String>> keys)
        implements Source {}

    /// A plain view.
    ///
    /// @param query its canonical text
    /// @param columns the names of its columns
    record View(String query, List<String> columns) implements Source {}

    /// Anything whose changes cannot be captured.
    record Uncaptured(String reason) implements Source {}
  }

  record TableColumn(String name, boolean notNull) {}

  /// The type of a column.
  ///
  /// @param type as SQL text with its modifier, qualified where it is not a type of PostgreSQL
  /// @param collation `COLLATE name`, if it is another than the type's own; otherwise empty
  /// @param equals the operator of its default equality, such as `OPERATOR(pg_catalog.=)`; empty
  ///   without one
  /// @param equalMeansSame equal values always look the same
  /// @param hashable values of the type can be hashed
  record ColumnType(
      String name,
      String type,
      String collation,
      String equals,
      boolean equalMeansSame,
      boolean hashable) {
    /// The column as CREATE TABLE declares it.
    public String declaration() {
      return Quote.name(name) + " " + type + (collation.isEmpty() ? "" : " " + collation);
    }

    /// The same for values of which more is known than their type.
    public ColumnType withEqualMeansSame() {
      return new ColumnType(name, type, collation, equals, true, hashable);
    }

    /// The same for values that are compared with those of another column, whose equal values can
    /// have other hashes if it has another type.
    public ColumnType comparedWith(ColumnType other) {
      boolean alike = type.equals(other.type) && collation.equals(other.collation);
      return alike ? this : new ColumnType(name, type, collation, equals, equalMeansSame, false);
    }

    public boolean hasEquality() {
      return !equals.isEmpty();
    }
  }

  /// What matters about a function.
  enum Trait {
    AGGREGATE,
    WINDOW,
    VOLATILE,
    /// returns several rows
    SET_RETURNING
  }

  /// The traits of all functions that share a name.
  record FunctionTraits(Set<Trait> traits) {
    public boolean has(Trait trait) {
      return traits.contains(trait);
    }
  }

  /// A function whose result does not follow from its arguments alone.
  ///
  /// @param isVolatile it can even be another one for each row
  record MutableFunction(String name, boolean isVolatile) {}
}
