package main

import (
	"math"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var plain = []string{"a", "kube-system", "registry.example.com/shop/cart:v1.2.3", "app.kubernetes.io/name", "0", "true", "null", "Running", "10.0.0.1"}

var strange = []string{
	"", "__proto__", "constructor", "toString", "<script>alert(\"&amp;\")</script>", "\"quoted\" \\ back\\slash", "tab\tnew\nline\r\x00\x01\x1f\x7f",
	"\u2028\u2029", "grüße", "日本語", "👩‍👩‍👧 family", "\U0010ffff", "bro\xffken", "cut\xe2\x82", "surrogate \xed\xa0\x80", "overlong \xc0\xaf \xf5", "\xff\xfe\xe2\x28\xa1",
	strings.Repeat("x", 127), strings.Repeat("y", 128), strings.Repeat("ä", 200), strings.Repeat("long ", 400), "1234567890123", "42", "-1", "1.5",
}

func (f *filler) text() string {
	if f.zeros {
		return ""
	}
	if f.extremes && f.Intn(2) == 0 {
		return strange[f.Intn(len(strange))]
	}
	text := plain[f.Intn(len(plain))]
	if f.Intn(2) == 0 {
		text += string(rune('a'+f.Intn(26))) + string(rune('0'+f.Intn(10)))
	}
	return text
}

func (f *filler) bytes() []byte {
	if f.zeros {
		return []byte{}
	}
	all := make([]byte, f.Intn(40))
	f.Read(all)
	return all
}

var ints64 = []int64{math.MinInt64, math.MaxInt64, 1<<53 - 1, 1 << 53, 1<<53 + 1, -(1<<53 + 3), 1<<62 + 129, math.MaxUint32, math.MinInt32, -1, 127, 128, 16383, 16384, 0}
var ints32 = []int64{math.MinInt32, math.MaxInt32, -1, 1, 127, 128, 16383, 16384, 1<<28 - 1, 1 << 28, 0}

func (f *filler) integer(bits int) int64 {
	switch {
	case !f.extremes:
		return 1 + f.Int63n(70_000)
	case bits == 32:
		return ints32[f.Intn(len(ints32))]
	}
	return ints64[f.Intn(len(ints64))]
}

var doubles = []float64{0, 1, -1, 0.1, 1e21, -1e-7, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Copysign(0, -1), 1 << 53}

func (f *filler) time() time.Time {
	switch {
	case f.zeros, f.extremes && f.Intn(4) == 0:
		return time.Time{}
	case f.extremes:
		return []time.Time{time.Unix(0, 0), time.Unix(-1, 999_999_999), time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(2024, 2, 29, 1, 2, 3, 4_005_006, time.UTC),
			time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(-4, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1900, 3, 1, 0, 0, 0, 1000, time.UTC)}[f.Intn(9)]
	}
	return time.Unix(1_700_000_000+f.Int63n(100_000_000), f.Int63n(1_000_000_000))
}

var durations = []time.Duration{0, 1, 999, 1000, 1500, -1500, 1_000_000, 1_234_567, time.Second, -time.Minute, 90 * time.Second, time.Hour, 25*time.Hour + 61*time.Second + 1, math.MinInt64, math.MaxInt64, 100 * time.Millisecond}

func (f *filler) duration() time.Duration {
	if f.zeros {
		return 0
	}
	return durations[f.Intn(len(durations))]
}

var quantities = []string{"0", "1", "100m", "1.5", "0.5Gi", "1Gi", "1000Mi", "1e3", "12E", "-5", "1u", "3n", "123456789012345678901234567890", "0.000000001", "1.1Ki", "1k", "100Ki"}

func (f *filler) quantity() resource.Quantity {
	if f.zeros {
		return resource.Quantity{}
	}
	return resource.MustParse(quantities[f.Intn(len(quantities))])
}

func (f *filler) intOrString() intstr.IntOrString {
	switch {
	case f.zeros:
		return intstr.IntOrString{}
	case f.Intn(2) == 0:
		return intstr.FromInt32(int32(f.integer(32)))
	}
	return intstr.FromString(f.text())
}

var documents = []string{
	`{}`, `{"f:metadata":{"f:labels":{".":{},"f:app":{}}}}`, `[1,2.50,-0,1e5,"x"]`, `"text"`, `12345678901234567890`, `null`, `false`,
	`{"__proto__":{"polluted":true},"a":"\u2028<&>","b":[{},[]]}`, ` {"spaced" : [ 1 , 2 ] } `, `{"z":1,"a":{"b":null}}`,
}

func (f *filler) json() []byte {
	if f.zeros {
		return nil
	}
	return []byte(documents[f.Intn(len(documents))])
}
