package main

import (
	"bytes"
	stdjson "encoding/json"
	"reflect"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"

	"kubeflume/tools/schema/model"
)

type message interface {
	Marshal() ([]byte, error)
	Unmarshal([]byte) error
}

var serializer = json.NewSerializerWithOptions(json.DefaultMetaFactory, nil, nil, json.SerializerOptions{})

func newObject(kind model.Kind) reflect.Value {
	return reflect.New(model.TypeOf(kind.APIVersion, kind.Kind))
}

// encode returns the JSON that a server would send for the object, and the protobuf.
func encode(kind model.Kind, object reflect.Value) (asJSON, asProtobuf []byte, err error) {
	asProtobuf, err = object.Interface().(message).Marshal()
	if err != nil {
		return nil, nil, err
	}
	again := newObject(kind)
	if err := again.Interface().(message).Unmarshal(asProtobuf); err != nil {
		return nil, nil, err
	}
	if meta := again.Elem().FieldByName("TypeMeta"); meta.IsValid() {
		meta.Set(reflect.ValueOf(metav1.TypeMeta{APIVersion: kind.APIVersion, Kind: kind.Kind}))
	}
	typeClaims(again.Elem())
	if typed, ok := again.Interface().(runtime.Object); ok {
		var buffer bytes.Buffer
		err = serializer.Encode(typed, &buffer)
		return buffer.Bytes(), asProtobuf, err
	}
	asJSON, err = stdjson.Marshal(again.Interface())
	return asJSON, asProtobuf, err
}

// typeClaims does what the API server's conversion does to volumeClaimTemplates before it encodes them.
func typeClaims(value reflect.Value) {
	switch value.Kind() {
	case reflect.Struct:
		if claims := value.FieldByName("VolumeClaimTemplates"); claims.IsValid() {
			for i := range claims.Len() {
				claims.Index(i).Addr().Interface().(*corev1.PersistentVolumeClaim).TypeMeta =
					metav1.TypeMeta{APIVersion: "v1", Kind: "PersistentVolumeClaim"}
			}
		}
		for _, name := range []string{"Spec", "Items"} {
			if field := value.FieldByName(name); field.IsValid() {
				typeClaims(field)
			}
		}
	case reflect.Slice:
		for i := range value.Len() {
			typeClaims(value.Index(i))
		}
	}
}
