// What requests carry and nothing stores, in the notation that facts-reader.ts explains.
export const REQUEST_FACTS = `
meta.v1.DeleteOptions v1/DeleteOptions: dryRun:[s gracePeriodSeconds:l ignoreStoreReadErrorWithClusterBreakingPotential:b orphanDependents:b preconditions:@meta.v1.Preconditions propagationPolicy:s
meta.v1.Preconditions: resourceVersion:s uid:s
policy.v1.Eviction policy/v1/Eviction: deleteOptions:@meta.v1.DeleteOptions metadata:@meta.v1.ObjectMeta
authentication.v1.SelfSubjectReview authentication.k8s.io/v1/SelfSubjectReview: metadata:@meta.v1.ObjectMeta
authentication.v1.TokenReview authentication.k8s.io/v1/TokenReview: metadata:@meta.v1.ObjectMeta spec:@authentication.v1.TokenReviewSpec
authentication.v1.TokenReviewSpec: audiences:[s token:s
authorization.v1.LocalSubjectAccessReview authorization.k8s.io/v1/LocalSubjectAccessReview: metadata:@meta.v1.ObjectMeta spec:@authorization.v1.SubjectAccessReviewSpec
authorization.v1.SelfSubjectAccessReview authorization.k8s.io/v1/SelfSubjectAccessReview: metadata:@meta.v1.ObjectMeta spec:@authorization.v1.SelfSubjectAccessReviewSpec
authorization.v1.SelfSubjectAccessReviewSpec: nonResourceAttributes:@authorization.v1.NonResourceAttributes resourceAttributes:@authorization.v1.ResourceAttributes
authorization.v1.NonResourceAttributes: path:s verb:s
authorization.v1.ResourceAttributes: group:s name:s namespace:s resource:s subresource:s verb:s version:s
authorization.v1.SelfSubjectRulesReview authorization.k8s.io/v1/SelfSubjectRulesReview: metadata:@meta.v1.ObjectMeta spec:@authorization.v1.SelfSubjectRulesReviewSpec
authorization.v1.SelfSubjectRulesReviewSpec: namespace:s
authorization.v1.SubjectAccessReview authorization.k8s.io/v1/SubjectAccessReview: metadata:@meta.v1.ObjectMeta spec:@authorization.v1.SubjectAccessReviewSpec
authorization.v1.SubjectAccessReviewSpec: groups:[s nonResourceAttributes:@authorization.v1.NonResourceAttributes resourceAttributes:@authorization.v1.ResourceAttributes uid:s user:s
`
