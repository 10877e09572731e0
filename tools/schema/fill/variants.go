package main

import (
	"fmt"
	"math/rand"
	"strings"

	"kubeflume/tools/schema/model"
)

// variant says how a filler chooses.
type variant struct {
	name string
	// share is the part of the fields that are set: 1 all, 0 none.
	share float64
	// zeros sets pointers to zero values, and slices and maps to empty ones.
	zeros bool
	// extremes prefers the ends of number ranges and long or strange strings.
	extremes bool
	// elements of a slice or map.
	elements int
	// depth of messages within each other that are still filled.
	depth int
}

// variants of one kind: the fixed ones, and some with a random choice of fields.
func variants(random int, sample bool, kind model.Kind) []variant {
	if sample {
		return sampled(kind)
	}
	all := []variant{
		{name: "everything", share: 1, elements: 2, depth: 9},
		{name: "everything, extreme", share: 1, extremes: true, elements: 1, depth: 9},
		{name: "nothing", share: 0},
		{name: "zeros", share: 1, zeros: true, depth: 9},
		{name: "zeros in one element", share: 1, zeros: true, elements: 1, depth: 9},
	}
	for i := range random {
		all = append(all, variant{name: fmt.Sprintf("random %d", i), share: 0.1 + 0.8*float64(i)/float64(random), extremes: i%2 == 1, elements: 1 + i%3, depth: 9})
	}
	return all
}

// In the fixture: of these a sparse pair, of every fifth other kind an empty one.
var sampledKinds = " v1/Pod v1/Node v1/Secret v1/Event v1/Service v1/ConfigMap v1/Status apps/v1/Deployment apps/v1/StatefulSet" +
	" batch/v1/CronJob networking.k8s.io/v1/NetworkPolicy rbac.authorization.k8s.io/v1/Role autoscaling/v2/HorizontalPodAutoscaler" +
	" apiextensions.k8s.io/v1/CustomResourceDefinition coordination.k8s.io/v1/Lease discovery.k8s.io/v1/EndpointSlice" +
	" authentication.k8s.io/v1/TokenReview apiregistration.k8s.io/v1/APIService resource.k8s.io/v1/ResourceClaim meta.k8s.io/v1/PartialObjectMetadata "

func sampled(kind model.Kind) []variant {
	if !strings.Contains(sampledKinds, " "+kind.APIVersion+"/"+kind.Kind+" ") {
		return nil
	}
	return []variant{
		{name: "nothing", share: 0},
		{name: "zeros", share: 1, zeros: true, elements: 1, depth: 4},
		{name: "random", share: 0.6, elements: 1, depth: 4},
		{name: "random, extreme", share: 0.5, extremes: true, elements: 2, depth: 3},
	}
}

// source is seeded by the kind and the variant, so that a new kind changes no other one's values.
func source(seed int64, name string) *rand.Rand {
	for _, character := range name {
		seed = seed*131 + int64(character)
	}
	return rand.New(rand.NewSource(seed))
}
