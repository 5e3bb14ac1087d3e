package dev.freshet.compiler.sql;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A statement that a view file may hold.
public sealed interface Statement {
  /// The statement in its file, without its semicolon.
  Span span();

  /// `CREATE MATERIALIZED VIEW view (columns) ... AS query`.
  ///
  /// @param columns names given to the first output columns; empty when there is no list
  record CreateMaterializedView(
      Span span,
      ObjectName view,
      boolean ifNotExists,
      List<String> columns,
      ViewClauses clauses,
      ViewQuery query)
      implements Statement {}

  /// What stands between the name and AS.
  ///
  /// @param accessMethod `USING method`
  /// @param options the `freshet.*` part of the WITH list
  /// @param storageParameters the rest of the WITH list
  record ViewClauses(
      @Nullable String accessMethod,
      List<OptionSetting> options,
      List<OptionSetting> storageParameters,
      @Nullable String tablespace) {}

  /// The query as written, and whether the view is to be filled at once.
  record ViewQuery(Span span, String text, boolean withData) {}

  /// `CREATE INDEX head ON view keys clauses`.
  record CreateIndex(
      Span span, IndexHead head, ObjectName view, IndexKeys keys, IndexClauses clauses)
      implements Statement {

    /// The statement for another relation and under another name, without a semicolon.
    public String sql(String indexName, QualifiedName relation) {
      return IndexPrinter.print(this, indexName, relation);
    }

    /// The key columns when no two rows of the view can agree in all of them, NULLs aside.
    public Optional<List<String>> uniqueKey() {
      return head.unique() && clauses.where() == null ? keys.plainColumns() : Optional.empty();
    }
  }

  /// What stands before ON in an index statement.
  ///
  /// @param name null when PostgreSQL is to choose one
  record IndexHead(
      @Nullable String name, boolean unique, boolean concurrently, boolean ifNotExists) {}

  /// What an index holds and how.
  ///
  /// @param method null means the default, btree
  /// @param include columns carried along without being part of the key
  record IndexKeys(
      @Nullable String method,
      List<IndexElement> elements,
      List<String> include,
      boolean nullsNotDistinct) {

    /// The columns, if the index has only plain columns with their own equality.
    public Optional<List<String>> plainColumns() {
      boolean plain = elements.stream().allMatch(IndexElement::isPlain);
      return plain && (method == null || method.equals("btree"))
          ? Optional.of(
              elements.stream().flatMap(e -> Optional.ofNullable(e.column).stream()).toList())
          : Optional.empty();
    }
  }

  /// One column or expression of an index.
  ///
  /// @param text as written, with any qualification by the view's name removed
  /// @param column the column's name; null for an expression
  /// @param ownEquality false with COLLATE or an operator class, which can change what is equal
  record IndexElement(String text, @Nullable String column, boolean ownEquality) {
    boolean isPlain() {
      return column != null && ownEquality;
    }
  }

  /// What follows the columns of an index.
  ///
  /// @param where the condition of a partial index, as written
  record IndexClauses(
      List<OptionSetting> storageParameters, @Nullable String tablespace, @Nullable String where) {}

  /// `COMMENT ON subject IS text`.
  ///
  /// @param text null removes the comment
  record Comment(Span span, CommentSubject subject, @Nullable String text) implements Statement {}

  /// What a comment is about.
  sealed interface CommentSubject {
    record OnView(ObjectName view) implements CommentSubject {}

    record OnColumn(ObjectName view, String column) implements CommentSubject {}

    record OnIndex(ObjectName index) implements CommentSubject {}
  }

  /// `GRANT privileges ON views TO grantees`.
  record Grant(
      Span span,
      List<Privilege> privileges,
      List<ObjectName> views,
      List<Role> grantees,
      boolean withGrantOption)
      implements Statement {

    /// The part of the grant that is about one of its views.
    public Grant forView(ObjectName view) {
      return new Grant(span, privileges, List.of(view), grantees, withGrantOption);
    }
  }

  /// A right on views.
  ///
  /// @param name in upper case: `SELECT`, `ALL`
  /// @param columns empty for the whole view
  record Privilege(String name, List<String> columns) {}

  /// A role by name, or one of the words that stand for one.
  ///
  /// @param word whether the name is `PUBLIC`, `CURRENT_USER`, `CURRENT_ROLE` or `SESSION_USER`
  record Role(String name, boolean word) {
    public String sql() {
      return word ? name : Quote.name(name);
    }
  }

  /// `ALTER MATERIALIZED VIEW view OWNER TO owner`.
  record OwnerTo(Span span, ObjectName view, boolean ifExists, Role owner) implements Statement {}
}
