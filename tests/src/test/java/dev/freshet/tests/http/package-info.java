/// The HTTP API over a real daemon. Start at `ApiTest`.
@NullMarked
package dev.freshet.tests.http;

import org.jspecify.annotations.NullMarked;
