package io.github.netrpc.gob;

import java.util.ArrayList;
import java.util.List;

/** Makes a collection or array of elements that have been read. */
@FunctionalInterface
interface Containers {

	/** The elements as they are. */
	Containers LIST = (elements) -> (elements instanceof ArrayList) ? elements : new ArrayList<>(elements);

	Object make(List<Object> elements);

}
