package dev.freshet;

/// A right that the connected role lacks.
///
/// @param object what it is about, such as `schema public`
/// @param privilege such as `CREATE`
/// @param neededFor why Freshet needs it
/// @param statement the GRANT that an administrator would run
public record MissingGrant(String object, String privilege, String neededFor, String statement) {}
