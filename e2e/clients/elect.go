package main

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"os"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// runElect wants a Lease until it is killed, or until its input ends: then it gives the Lease back. It says
// "leads", "stopped" and who leads, as client-go tells it.
func runElect(args []string) error {
	flags := flag.NewFlagSet("elect", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "the file of the configuration")
	namespace := flags.String("namespace", "default", "of the Lease")
	name := flags.String("name", "", "of the Lease")
	identity := flags.String("identity", "client-go", "who wants it")
	lease := flags.Duration("lease-duration", 15*time.Second, "as in client-go")
	deadline := flags.Duration("renew-deadline", 10*time.Second, "as in client-go")
	retry := flags.Duration("retry-period", 2*time.Second, "as in client-go")
	if err := flags.Parse(args); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	out := printer{encoder: json.NewEncoder(os.Stdout)}
	leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
		Lock: &resourcelock.LeaseLock{
			LeaseMeta:  metav1.ObjectMeta{Namespace: *namespace, Name: *name},
			Client:     client.CoordinationV1(),
			LockConfig: resourcelock.ResourceLockConfig{Identity: *identity},
		},
		LeaseDuration:   *lease,
		RenewDeadline:   *deadline,
		RetryPeriod:     *retry,
		ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(context.Context) { out.print(line{Type: "leads"}) },
			OnStoppedLeading: func() { out.print(line{Type: "stopped"}) },
			OnNewLeader:      func(leader string) { out.print(line{Type: "sees", Key: leader}) },
		},
	})
	return nil
}
