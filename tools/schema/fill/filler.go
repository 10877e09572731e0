package main

import (
	"math/rand"
	"reflect"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensionsv1beta1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1beta1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

type filler struct {
	variant
	*rand.Rand
	// within counts the types around the value, so that recursive ones end.
	within map[reflect.Type]int
}

func newFiller(variant variant, seed int64, name string) *filler {
	return &filler{variant, source(seed, name+variant.name), map[reflect.Type]int{}}
}

// fill sets a value; what is left zero stands for "not set".
func (f *filler) fill(value reflect.Value, depth int) {
	if f.special(value) {
		return
	}
	switch value.Kind() {
	case reflect.Pointer:
		if f.within[value.Type().Elem()] < 2 && depth <= f.depth {
			value.Set(reflect.New(value.Type().Elem()))
			f.fillUnlessZeros(value.Elem(), depth)
		}
	case reflect.Struct:
		f.fillStruct(value, depth)
	case reflect.Slice:
		f.fillSlice(value, depth)
	case reflect.Map:
		f.fillMap(value, depth)
	case reflect.String:
		value.SetString(f.text())
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int32, reflect.Int64:
		value.SetInt(f.integer(value.Type().Bits()))
	case reflect.Float64:
		value.SetFloat(doubles[f.Intn(len(doubles))])
	default:
		panic("no filling for " + value.Type().String())
	}
}

// fillUnlessZeros: behind a pointer a scalar stays zero in the variants of zeros, a message is walked.
func (f *filler) fillUnlessZeros(value reflect.Value, depth int) {
	if !f.zeros || value.Kind() == reflect.Struct {
		f.fill(value, depth)
	}
}

func (f *filler) fillStruct(value reflect.Value, depth int) {
	t := value.Type()
	if f.within[t] >= 2 || depth > f.depth {
		return
	}
	f.within[t]++
	defer func() { f.within[t]-- }()
	for i := range t.NumField() {
		tag := t.Field(i).Tag.Get("protobuf")
		if tag == "" || f.zeros && isScalar(t.Field(i).Type) {
			continue
		}
		if f.share == 1 || f.Float64() < f.share {
			f.fill(value.Field(i), depth+1)
		}
	}
}

func (f *filler) fillSlice(value reflect.Value, depth int) {
	element := value.Type().Elem()
	if element.Kind() == reflect.Uint8 {
		value.SetBytes(f.bytes())
		return
	}
	count := f.count(element, depth)
	value.Set(reflect.MakeSlice(value.Type(), count, count))
	for i := range count {
		f.fillUnlessZeros(value.Index(i), depth)
	}
}

func (f *filler) fillMap(value reflect.Value, depth int) {
	value.Set(reflect.MakeMap(value.Type()))
	for range f.count(value.Type().Elem(), depth) {
		key, element := reflect.New(value.Type().Key()).Elem(), reflect.New(value.Type().Elem()).Elem()
		key.SetString(f.text())
		f.fillUnlessZeros(element, depth)
		value.SetMapIndex(key, element)
	}
}

func (f *filler) count(element reflect.Type, depth int) int {
	if depth > f.depth || f.within[element] >= 2 {
		return 0
	}
	if f.within[element] >= 1 || depth > 5 {
		return min(f.elements, 1)
	}
	return f.elements
}

// special fills the types whose contents reflection alone would get wrong.
func (f *filler) special(value reflect.Value) bool {
	switch target := value.Addr().Interface().(type) {
	case *metav1.Time:
		target.Time = f.time()
	case *metav1.MicroTime:
		target.Time = f.time()
	case *metav1.Duration:
		target.Duration = f.duration()
	case *resource.Quantity:
		*target = f.quantity()
	case *intstr.IntOrString:
		*target = f.intOrString()
	case *runtime.RawExtension:
		target.Raw = f.json()
	case *metav1.FieldsV1:
		target.SetRawBytes(f.json())
	case *apiextensionsv1.JSON:
		target.Raw = f.json()
	case *apiextensionsv1beta1.JSON:
		target.Raw = f.json()
	default:
		return false
	}
	return true
}

func isScalar(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int32, reflect.Int64, reflect.Float64:
		return true
	}
	return false
}
