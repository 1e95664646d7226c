package io.github.netrpc.gob;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where we mean to differ from Go, each with its reason: the one list. A vector that is
 * not here must come out as in Go, and one that is here must not.
 */
final class DifferencesFromGo {

	private static final String FRESH = "we read into fresh objects: what a variable held before does not shine through";

	private static final String NULL_TIME = "a zero time is absent in a struct, and what is absent reads as null";

	private static final String WIDTH = "Java has one 64-bit type: it is sent under the name registered last";

	private static final String UNSIGNED = "Java has no unsigned types: in interface values they become wider signed ones";

	private static final String NIL_ELEMENT = "null in a list or map is refused: Go itself goes wrong when it skips it";

	private static final String EMPTY_MAP = "a nil map reads as an empty one, and an empty one is sent";

	private static final String SKIPPING = "Go's own reader goes wrong here (Go issue 34879); we skip by reading";

	private static final String UTC = "ZoneOffset cannot tell UTC from an offset of zero: both are sent as UTC";

	/** Vectors whose reading differs. */
	static final Map<String, String> READ = new LinkedHashMap<>();

	/** Vectors whose value, once read, is written differently, or refused. */
	static final Map<String, String> WRITE = new LinkedHashMap<>();

	/** Values that Go refuses and we do not. */
	static final Map<String, String> REFUSED = new LinkedHashMap<>();

	private DifferencesFromGo() {
	}

	static {
		READ.put("values_strings_bytes:string_invalid_utf8",
				"a Java string is Unicode: each broken sequence becomes U+FFFD");
		READ.put("values_self_encoding:time_zone_minus_seconds",
				"Go 1.19 reads the seconds of a negative offset unsigned (mended upstream); we read them signed");
		READ.put("values_self_encoding:event_zero_time", NULL_TIME);
		READ.put("values_self_encoding:custom_zero", "so is the zero value of other types that encode themselves");
		READ.put("decode_compat:extra_local_field", FRESH);
		READ.put("decode_compat:empty_struct_into_fields", FRESH);
		READ.put("decode_compat:zero_leaves_old_value", FRESH);
		READ.put("decode_compat:map_merges", FRESH);
		READ.put("decode_compat:nil_pointer_to_struct", FRESH);
		READ.put("decode_compat:flat_to_embedded", "Java has no embedding, so no promoted fields");
		READ.put("decode_compat:skip_nil_interface_element", SKIPPING);
		READ.put("decode_compat:skip_interface_with_new_inner_type", SKIPPING);
		READ.put("values_interfaces:box_int64", WIDTH);
		READ.put("values_interfaces:box_uint8", UNSIGNED);
		WRITE.put("values_strings_bytes:string_invalid_utf8", READ.get("values_strings_bytes:string_invalid_utf8"));
		WRITE.put("values_interfaces:box_int64", WIDTH);
		WRITE.put("values_interfaces:box_uint8", UNSIGNED);
		WRITE.put("values_interfaces:anys_mixed", NIL_ELEMENT);
		WRITE.put("values_interfaces:boxes_in_the_middle", NIL_ELEMENT);
		WRITE.put("values_interfaces:canvas", NIL_ELEMENT);
		WRITE.put("values_interfaces:props_nil_value", NIL_ELEMENT);
		WRITE.put("values_self_encoding:time_zone_zero_offset", UTC);
		WRITE.put("values_recursive:map_tree", EMPTY_MAP);
		WRITE.put("values_structs:maps_nil", EMPTY_MAP);
		REFUSED.put("no_exported_fields", "a class without properties is an empty struct");
		REFUSED.put("field_without_exported_fields", "a class without properties is an empty struct");
		REFUSED.put("nil_pointer_in_interface", "Java has no typed null: null is a nil interface value");
		REFUSED.put("unaddressable_pointer_method", "Java has no addresses");
	}

}
