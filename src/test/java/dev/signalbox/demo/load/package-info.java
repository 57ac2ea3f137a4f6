/// The witness itself on trial: does it see what it must see?
@NullMarked
package dev.signalbox.demo.load;

import org.jspecify.annotations.NullMarked;
