package model

import (
	"encoding/json"
	"reflect"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensionsv1beta1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1beta1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// The letters of the table. Scalars first, then the types whose JSON is not what their fields say.
const (
	String  = "s"
	Bytes   = "y"
	Bool    = "b"
	Int32   = "i"
	Int64   = "l"
	Double  = "d"
	Nested  = "m"
	Inlined = "n"
	// Typed is Nested whose JSON begins with kind and apiVersion.
	Typed = "k"
)

// The API server's conversion fills in kind and apiVersion of these nested objects ("to behave the same as
// reflective conversion < 1.17", kubernetes/kubernetes#87583). JSON shows them, protobuf has no place for them.
var typedByServer = map[string]bool{
	"v1.StatefulSetSpec.VolumeClaimTemplates":      true,
	"v1beta1.StatefulSetSpec.VolumeClaimTemplates": true,
	"v1beta2.StatefulSetSpec.VolumeClaimTemplates": true,
}

var special = map[reflect.Type]string{
	reflect.TypeFor[metav1.Time]():          "T",
	reflect.TypeFor[metav1.MicroTime]():     "U",
	reflect.TypeFor[metav1.Duration]():      "D",
	reflect.TypeFor[resource.Quantity]():    "Q",
	reflect.TypeFor[intstr.IntOrString]():   "I",
	reflect.TypeFor[runtime.RawExtension](): "R",
	reflect.TypeFor[metav1.FieldsV1]():      "F",

	reflect.TypeFor[apiextensionsv1.JSON]():      "J",
	reflect.TypeFor[apiextensionsv1beta1.JSON](): "J",
}

// Unions of JSONSchemaProps with something simpler: a letter, and the message of the schema.
var schemaUnions = map[reflect.Type]string{
	reflect.TypeFor[apiextensionsv1.JSONSchemaPropsOrArray]():            "A",
	reflect.TypeFor[apiextensionsv1.JSONSchemaPropsOrBool]():             "B",
	reflect.TypeFor[apiextensionsv1.JSONSchemaPropsOrStringArray]():      "C",
	reflect.TypeFor[apiextensionsv1beta1.JSONSchemaPropsOrArray]():       "A",
	reflect.TypeFor[apiextensionsv1beta1.JSONSchemaPropsOrBool]():        "B",
	reflect.TypeFor[apiextensionsv1beta1.JSONSchemaPropsOrStringArray](): "C",
}

var schemaProps = map[string]reflect.Type{
	reflect.TypeFor[apiextensionsv1.JSONSchemaProps]().PkgPath():      reflect.TypeFor[apiextensionsv1.JSONSchemaProps](),
	reflect.TypeFor[apiextensionsv1beta1.JSONSchemaProps]().PkgPath(): reflect.TypeFor[apiextensionsv1beta1.JSONSchemaProps](),
}

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	protoDecoder  = reflect.TypeFor[interface{ Unmarshal([]byte) error }]()
)
