package io.github.netrpc.gob;

import java.util.function.IntFunction;

/**
 * Which of our fields a peer's field is: the one of the same name, or else one whose name
 * differs by case only, among names that begin with an upper-case letter, as Go's
 * exported ones do.
 */
final class FieldNames {

	private FieldNames() {
	}

	/**
	 * Finds our field.
	 * @param name the peer's name
	 * @param all all names of the peer's struct
	 * @param count how many fields we have
	 * @param own the names of ours
	 * @return the index of ours, or -1
	 */
	static int match(String name, String[] all, int count, IntFunction<String> own) {
		for (int i = 0; i < count; i++) {
			if (own.apply(i).equals(name)) {
				return i;
			}
		}
		if (!isExported(name)) {
			return -1;
		}
		for (int i = 0; i < count; i++) {
			String candidate = own.apply(i);
			if (candidate.equalsIgnoreCase(name) && isExported(candidate) && !contains(all, candidate)) {
				return i;
			}
		}
		return -1;
	}

	private static boolean isExported(String name) {
		return Character.isUpperCase(name.codePointAt(0));
	}

	private static boolean contains(String[] names, String wanted) {
		for (String name : names) {
			if (name.equals(wanted)) {
				return true;
			}
		}
		return false;
	}

}
