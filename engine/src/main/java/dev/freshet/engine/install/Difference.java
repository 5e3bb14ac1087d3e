package dev.freshet.engine.install;

import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.sql.DeclaredView;
import dev.freshet.compiler.sql.Statement;
import dev.freshet.engine.catalog.Session;
import dev.freshet.engine.schema.StorageReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tells how a declared view differs from the one that exists.
final class Difference {
  private final Session session;
  private final DeclaredView declared;
  private final ExistingView existing;

  Difference(Session session, DeclaredView declared, ExistingView existing) {
    this.session = session;
    this.declared = declared;
    this.existing = existing;
  }

  Optional<Change> find(Optional<Canonical> canonical) {
    Optional<String> why = whyReplace(canonical);
    if (why.isPresent()) {
      return Optional.of(
          new Change.Replace(existing.name(), declared, existing, canonical, why.get()));
    }
    List<Change.Detail> details = new ArrayList<>();
    ownerDetail().ifPresent(details::add);
    if (!CatalogRows.options(declared).equals(existing.options())) {
      details.add(new Change.Detail.Options());
    }
    canonical.ifPresent(read -> indexDetails(read.indexes(), details));
    grantDetails(details);
    commentDetails(details);
    return details.isEmpty()
        ? Optional.empty()
        : Optional.of(new Change.Alter(existing.name(), declared, existing, details));
  }

  private Optional<String> whyReplace(Optional<Canonical> canonical) {
    if (canonical.isEmpty()) {
      return Optional.of("it reads a view that changes");
    }
    if (!canonical.get().query().equals(existing.query())) {
      return Optional.of("its query changed");
    }
    if (columnsDiffer(canonical.get())) {
      return Optional.of("the types of its columns changed");
    }
    if (keepsOther(canonical.get())) {
      return Optional.of("its storage keeps other numbers for incremental refresh");
    }
    if (declared.options().unlogged() != existing.unlogged()) {
      return Optional.of("its storage becomes " + (existing.unlogged() ? "logged" : "unlogged"));
    }
    if (storageDiffers()) {
      return Optional.of("its storage parameters changed");
    }
    return canonical.get().increment().isPresent() ? captureFault() : Optional.empty();
  }

  /// What its generated functions relied on and is no more.
  private Optional<String> captureFault() {
    return session
        .list(
            "SELECT freshet.capture_fault(m) FROM freshet.materialized_views m WHERE m.id = ?",
            row -> Optional.ofNullable(row.getString(1)),
            existing.id())
        .getFirst();
  }

  /// The same text can mean other types once a source has changed.
  private boolean columnsDiffer(Canonical canonical) {
    return session.withCatalogPath(() ->
        !StorageReader.columns(session, existing.object("")).stream()
            .filter(column -> !column.isHidden())
            .toList()
            .equals(canonical.columns()));
  }

  private boolean keepsOther(Canonical canonical) {
    return canonical.increment().isPresent()
        && session.withCatalogPath(() ->
            !Increments.fits(
                    canonical.increment().get(),
                    StorageReader.columns(session, existing.object("")))
                || !hasLookup(canonical.increment().get()));
  }

  private boolean hasLookup(IncrementScript script) {
    return script.lookup().isEmpty()
        || session.one(
            "SELECT to_regclass(?) IS NOT NULL",
            row -> row.getBoolean(1),
            existing.object("_lookup"));
  }

  private boolean storageDiffers() {
    return session.one(
        """
        SELECT NOT (coalesce(c.reloptions, '{}') @> d.options AND d.options @> coalesce(c.reloptions, '{}'))
          OR coalesce(nullif(c.reltablespace, 0), b.dattablespace) <> CASE d.tablespace
            WHEN '' THEN b.dattablespace
            ELSE coalesce((SELECT t.oid FROM pg_tablespace t WHERE t.spcname = d.tablespace), 0) END
        FROM pg_class c, pg_database b, (SELECT ?::text AS tablespace, ?::text[] AS options) d
        WHERE c.oid = ?::regclass AND b.datname = current_database()
        """,
        row -> row.getBoolean(1),
        Optional.ofNullable(declared.view().clauses().tablespace()).orElse(""),
        ShapeReader.parameterMap(declared).entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toArray(String[]::new),
        existing.object(""));
  }

  private void indexDetails(Map<String, String> wanted, List<Change.Detail> details) {
    Map<String, String> unclaimed = new LinkedHashMap<>(existing.indexes());
    wanted.forEach((name, definition) -> {
      String present = unclaimed.remove(existing.indexName(name));
      if (!definition.equals(present)) {
        if (present != null) {
          details.add(new Change.Detail.DropIndex(existing.indexName(name), present));
        }
        details.add(new Change.Detail.AddIndex(name, definition));
      }
    });
    unclaimed.forEach((name, text) -> details.add(new Change.Detail.DropIndex(name, text)));
  }

  private void grantDetails(List<Change.Detail> details) {
    for (Statement.Grant grant : declared.grants()) {
      if (!isGranted(grant)) {
        Details.grants(Set.of(grant), existing.name())
            .forEach(statement -> details.add(new Change.Detail.Grant(statement)));
      }
    }
  }

  private boolean isGranted(Statement.Grant grant) {
    return grant.grantees().stream()
        .allMatch(role ->
            grant.privileges().stream()
                .allMatch(privilege -> isGranted(role, privilege, grant.withGrantOption())));
  }

  private boolean isGranted(
      Statement.Role role, Statement.Privilege privilege, boolean withGrantOption) {
    List<String> wanted =
        privilege.name().startsWith("ALL") ? List.of("SELECT") : List.of(privilege.name());
    List<String> columns = privilege.columns().isEmpty() ? List.of("") : privilege.columns();
    return wanted.stream()
        .allMatch(name -> columns.stream().allMatch(c -> has(role, name, c, withGrantOption)));
  }

  private boolean has(
      Statement.Role role, String privilege, String column, boolean withGrantOption) {
    return session.one(
        """
        SELECT EXISTS (
          SELECT FROM (
            SELECT '' AS attname, c.relacl AS acl FROM pg_class c WHERE c.oid = r.oid
            UNION ALL SELECT a.attname, a.attacl FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attacl IS NOT NULL
          ) x CROSS JOIN LATERAL aclexplode(x.acl) e
          WHERE x.attname = ? AND e.privilege_type = ? AND (e.is_grantable OR NOT ?)
            AND e.grantee = CASE WHEN ? = 'PUBLIC' THEN 0
              WHEN ? IN ('CURRENT_USER', 'CURRENT_ROLE') THEN current_user::regrole::oid
              WHEN ? = 'SESSION_USER' THEN session_user::regrole::oid
              ELSE (SELECT o.oid FROM pg_roles o WHERE o.rolname = ?) END)
        FROM (SELECT ?::regclass::oid AS oid) r
        """,
        row -> row.getBoolean(1),
        column,
        privilege,
        withGrantOption,
        wordOf(role),
        wordOf(role),
        wordOf(role),
        role.name(),
        existing.name().sql());
  }

  private static String wordOf(Statement.Role role) {
    return role.word() ? role.name() : "";
  }

  private void commentDetails(List<Change.Detail> details) {
    List<String> statements =
        Details.comments(declared, existing.name(), existing.id(), existing.revision());
    for (int i = 0; i < statements.size(); i++) {
      Statement.Comment comment = declared.comments().get(i);
      String wanted = comment.text() == null ? "" : comment.text();
      if (!wanted.equals(presentComment(comment.subject()))) {
        details.add(new Change.Detail.Comment(statements.get(i)));
      }
    }
  }

  private String presentComment(Statement.CommentSubject subject) {
    String sql =
        switch (subject) {
          case Statement.CommentSubject.OnView view ->
              "SELECT obj_description(to_regclass(?), 'pg_class'), ?";
          case Statement.CommentSubject.OnColumn column ->
              """
              SELECT col_description(a.attrelid, a.attnum) FROM pg_attribute a
              WHERE a.attrelid = to_regclass(?) AND a.attname = ?
              """;
          case Statement.CommentSubject.OnIndex index ->
              "SELECT obj_description(to_regclass(?), 'pg_class'), ?";
        };
    String relation =
        subject instanceof Statement.CommentSubject.OnIndex(var index)
            ? "freshet_data."
                + dev.freshet.compiler.sql.Quote.name(existing.indexName(index.name().name()))
            : existing.name().sql();
    String column =
        subject instanceof Statement.CommentSubject.OnColumn(var view, String name) ? name : "";
    return session
        .first(sql, row -> Optional.ofNullable(row.getString(1)), relation, column)
        .flatMap(text -> text)
        .orElse("");
  }

  private Optional<Change.Detail> ownerDetail() {
    Statement.OwnerTo owner = declared.owner();
    if (owner == null || owner.owner().word() || owner.owner().name().equals(existing.owner())) {
      return Optional.empty();
    }
    return Optional.of(new Change.Detail.Owner(existing.owner(), owner.owner().name()));
  }
}
