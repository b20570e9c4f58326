// Made by test/real/schema-facts.test.ts (UPDATE=1) from the API's own OpenAPI documents, Kubernetes v1.34.9.
// The notation is explained in facts-reader.ts.
export const BUILT_IN_FACTS = `
admissionregistration.v1.AuditAnnotation: key:s!|zero valueExpression:s!|zero
admissionregistration.v1.ExpressionWarning: fieldRef:s!|zero warning:s!|zero
admissionregistration.v1.MatchCondition: expression:s!|zero name:s!|zero
admissionregistration.v1.MatchResources ~: excludeResourceRules:[@admissionregistration.v1.NamedRuleWithOperations matchPolicy:s namespaceSelector:@meta.v1.LabelSelector objectSelector:@meta.v1.LabelSelector resourceRules:[@admissionregistration.v1.NamedRuleWithOperations
admissionregistration.v1.MutatingWebhook: admissionReviewVersions:[s! clientConfig:@admissionregistration.v1.WebhookClientConfig!|zero failurePolicy:s matchConditions:[@admissionregistration.v1.MatchCondition|keys=name|patch=name matchPolicy:s name:s!|zero namespaceSelector:@meta.v1.LabelSelector objectSelector:@meta.v1.LabelSelector reinvocationPolicy:s rules:[@admissionregistration.v1.RuleWithOperations sideEffects:s! timeoutSeconds:i
admissionregistration.v1.MutatingWebhookConfiguration admissionregistration.k8s.io/v1/MutatingWebhookConfiguration: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero webhooks:[@admissionregistration.v1.MutatingWebhook|keys=name|patch=name
admissionregistration.v1.NamedRuleWithOperations ~: apiGroups:[s apiVersions:[s operations:[s resourceNames:[s resources:[s scope:s
admissionregistration.v1.ParamKind ~: apiVersion:s kind:s
admissionregistration.v1.ParamRef ~: name:s namespace:s parameterNotFoundAction:s selector:@meta.v1.LabelSelector
admissionregistration.v1.RuleWithOperations: apiGroups:[s apiVersions:[s operations:[s resources:[s scope:s
admissionregistration.v1.ServiceReference: name:s!|zero namespace:s!|zero path:s port:i
admissionregistration.v1.TypeChecking: expressionWarnings:[@admissionregistration.v1.ExpressionWarning
admissionregistration.v1.ValidatingAdmissionPolicy admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@admissionregistration.v1.ValidatingAdmissionPolicySpec|zero status:@admissionregistration.v1.ValidatingAdmissionPolicyStatus|zero
admissionregistration.v1.ValidatingAdmissionPolicyBinding admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec|zero
admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec: matchResources:@admissionregistration.v1.MatchResources paramRef:@admissionregistration.v1.ParamRef policyName:s validationActions:[s|set
admissionregistration.v1.ValidatingAdmissionPolicySpec: auditAnnotations:[@admissionregistration.v1.AuditAnnotation failurePolicy:s matchConditions:[@admissionregistration.v1.MatchCondition|keys=name|patch=name matchConstraints:@admissionregistration.v1.MatchResources paramKind:@admissionregistration.v1.ParamKind validations:[@admissionregistration.v1.Validation variables:[@admissionregistration.v1.Variable|keys=name|patch=name
admissionregistration.v1.ValidatingAdmissionPolicyStatus: conditions:[@meta.v1.Condition|keys=type observedGeneration:l typeChecking:@admissionregistration.v1.TypeChecking
admissionregistration.v1.ValidatingWebhook: admissionReviewVersions:[s! clientConfig:@admissionregistration.v1.WebhookClientConfig!|zero failurePolicy:s matchConditions:[@admissionregistration.v1.MatchCondition|keys=name|patch=name matchPolicy:s name:s!|zero namespaceSelector:@meta.v1.LabelSelector objectSelector:@meta.v1.LabelSelector rules:[@admissionregistration.v1.RuleWithOperations sideEffects:s! timeoutSeconds:i
admissionregistration.v1.ValidatingWebhookConfiguration admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero webhooks:[@admissionregistration.v1.ValidatingWebhook|keys=name|patch=name
admissionregistration.v1.Validation: expression:s!|zero message:s messageExpression:s reason:s
admissionregistration.v1.Variable ~: expression:s!|zero name:s!|zero
admissionregistration.v1.WebhookClientConfig: caBundle:y service:@admissionregistration.v1.ServiceReference url:s
apiextensions.v1.CustomResourceColumnDefinition: description:s format:s jsonPath:s!|zero name:s!|zero priority:i type:s!|zero
apiextensions.v1.CustomResourceConversion: strategy:s!|zero webhook:@apiextensions.v1.WebhookConversion
apiextensions.v1.CustomResourceDefinition apiextensions.k8s.io/v1/CustomResourceDefinition: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@apiextensions.v1.CustomResourceDefinitionSpec!|zero status:@apiextensions.v1.CustomResourceDefinitionStatus|zero
apiextensions.v1.CustomResourceDefinitionCondition: lastTransitionTime:t message:s reason:s status:s!|zero type:s!|zero
apiextensions.v1.CustomResourceDefinitionNames: categories:[s kind:s!|zero listKind:s plural:s!|zero shortNames:[s singular:s
apiextensions.v1.CustomResourceDefinitionSpec: conversion:@apiextensions.v1.CustomResourceConversion group:s!|zero names:@apiextensions.v1.CustomResourceDefinitionNames!|zero preserveUnknownFields:b scope:s!|zero versions:[@apiextensions.v1.CustomResourceDefinitionVersion!
apiextensions.v1.CustomResourceDefinitionStatus: acceptedNames:@apiextensions.v1.CustomResourceDefinitionNames|zero conditions:[@apiextensions.v1.CustomResourceDefinitionCondition|keys=type storedVersions:[s
apiextensions.v1.CustomResourceDefinitionVersion: additionalPrinterColumns:[@apiextensions.v1.CustomResourceColumnDefinition deprecated:b deprecationWarning:s name:s!|zero schema:@apiextensions.v1.CustomResourceValidation selectableFields:[@apiextensions.v1.SelectableField served:b!|zero storage:b!|zero subresources:@apiextensions.v1.CustomResourceSubresources
apiextensions.v1.CustomResourceSubresourceScale: labelSelectorPath:s specReplicasPath:s!|zero statusReplicasPath:s!|zero
apiextensions.v1.CustomResourceSubresourceStatus *:
apiextensions.v1.CustomResourceSubresources: scale:@apiextensions.v1.CustomResourceSubresourceScale status:@apiextensions.v1.CustomResourceSubresourceStatus
apiextensions.v1.CustomResourceValidation: openAPIV3Schema:@apiextensions.v1.JSONSchemaProps
apiextensions.v1.ExternalDocumentation: description:s url:s
apiextensions.v1.JSON *:
apiextensions.v1.JSONSchemaProps: $ref:s $schema:s additionalItems:@apiextensions.v1.JSONSchemaPropsOrBool additionalProperties:@apiextensions.v1.JSONSchemaPropsOrBool allOf:[@apiextensions.v1.JSONSchemaProps anyOf:[@apiextensions.v1.JSONSchemaProps default:@apiextensions.v1.JSON definitions:{@apiextensions.v1.JSONSchemaProps dependencies:{@apiextensions.v1.JSONSchemaPropsOrStringArray description:s enum:[@apiextensions.v1.JSON example:@apiextensions.v1.JSON exclusiveMaximum:b exclusiveMinimum:b externalDocs:@apiextensions.v1.ExternalDocumentation format:s id:s items:@apiextensions.v1.JSONSchemaPropsOrArray maxItems:l maxLength:l maxProperties:l maximum:d minItems:l minLength:l minProperties:l minimum:d multipleOf:d not:@apiextensions.v1.JSONSchemaProps nullable:b oneOf:[@apiextensions.v1.JSONSchemaProps pattern:s patternProperties:{@apiextensions.v1.JSONSchemaProps properties:{@apiextensions.v1.JSONSchemaProps required:[s title:s type:s uniqueItems:b x-kubernetes-embedded-resource:b x-kubernetes-int-or-string:b x-kubernetes-list-map-keys:[s x-kubernetes-list-type:s x-kubernetes-map-type:s x-kubernetes-preserve-unknown-fields:b x-kubernetes-validations:[@apiextensions.v1.ValidationRule|keys=rule|patch=rule
apiextensions.v1.JSONSchemaPropsOrArray *:
apiextensions.v1.JSONSchemaPropsOrBool *:
apiextensions.v1.JSONSchemaPropsOrStringArray *:
apiextensions.v1.SelectableField: jsonPath:s!|zero
apiextensions.v1.ServiceReference: name:s!|zero namespace:s!|zero path:s port:i
apiextensions.v1.ValidationRule: fieldPath:s message:s messageExpression:s optionalOldSelf:b reason:s rule:s!|zero
apiextensions.v1.WebhookClientConfig: caBundle:y service:@apiextensions.v1.ServiceReference url:s
apiextensions.v1.WebhookConversion: clientConfig:@apiextensions.v1.WebhookClientConfig conversionReviewVersions:[s!
apps.v1.ControllerRevision apps/v1/ControllerRevision: apiVersion:s data:* kind:s metadata:@meta.v1.ObjectMeta|zero revision:l!|zero
apps.v1.DaemonSet apps/v1/DaemonSet: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@apps.v1.DaemonSetSpec|zero status:@apps.v1.DaemonSetStatus|zero
apps.v1.DaemonSetCondition: lastTransitionTime:t message:s reason:s status:s!|zero type:s!|zero
apps.v1.DaemonSetSpec: minReadySeconds:i revisionHistoryLimit:i selector:@meta.v1.LabelSelector! template:@core.v1.PodTemplateSpec!|zero updateStrategy:@apps.v1.DaemonSetUpdateStrategy|zero
apps.v1.DaemonSetStatus: collisionCount:i conditions:[@apps.v1.DaemonSetCondition|keys=type|patch=type currentNumberScheduled:i!|zero desiredNumberScheduled:i!|zero numberAvailable:i numberMisscheduled:i!|zero numberReady:i!|zero numberUnavailable:i observedGeneration:l updatedNumberScheduled:i
apps.v1.DaemonSetUpdateStrategy: rollingUpdate:@apps.v1.RollingUpdateDaemonSet type:s
apps.v1.Deployment apps/v1/Deployment: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@apps.v1.DeploymentSpec|zero status:@apps.v1.DeploymentStatus|zero
apps.v1.DeploymentCondition: lastTransitionTime:t lastUpdateTime:t message:s reason:s status:s!|zero type:s!|zero
apps.v1.DeploymentSpec: minReadySeconds:i paused:b progressDeadlineSeconds:i replicas:i revisionHistoryLimit:i selector:@meta.v1.LabelSelector! strategy:@apps.v1.DeploymentStrategy|retain|zero template:@core.v1.PodTemplateSpec!|zero
apps.v1.DeploymentStatus: availableReplicas:i collisionCount:i conditions:[@apps.v1.DeploymentCondition|keys=type|patch=type observedGeneration:l readyReplicas:i replicas:i terminatingReplicas:i unavailableReplicas:i updatedReplicas:i
apps.v1.DeploymentStrategy: rollingUpdate:@apps.v1.RollingUpdateDeployment type:s
apps.v1.ReplicaSet apps/v1/ReplicaSet: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@apps.v1.ReplicaSetSpec|zero status:@apps.v1.ReplicaSetStatus|zero
apps.v1.ReplicaSetCondition: lastTransitionTime:t message:s reason:s status:s!|zero type:s!|zero
apps.v1.ReplicaSetSpec: minReadySeconds:i replicas:i selector:@meta.v1.LabelSelector! template:@core.v1.PodTemplateSpec|zero
apps.v1.ReplicaSetStatus: availableReplicas:i conditions:[@apps.v1.ReplicaSetCondition|keys=type|patch=type fullyLabeledReplicas:i observedGeneration:l readyReplicas:i replicas:i!|zero terminatingReplicas:i
apps.v1.RollingUpdateDaemonSet: maxSurge:x maxUnavailable:x
apps.v1.RollingUpdateDeployment: maxSurge:x maxUnavailable:x
apps.v1.RollingUpdateStatefulSetStrategy: maxUnavailable:x partition:i
apps.v1.StatefulSet apps/v1/StatefulSet: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@apps.v1.StatefulSetSpec|zero status:@apps.v1.StatefulSetStatus|zero
apps.v1.StatefulSetCondition: lastTransitionTime:t message:s reason:s status:s!|zero type:s!|zero
apps.v1.StatefulSetOrdinals: start:i|zero
apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy: whenDeleted:s whenScaled:s
apps.v1.StatefulSetSpec: minReadySeconds:i ordinals:@apps.v1.StatefulSetOrdinals persistentVolumeClaimRetentionPolicy:@apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy podManagementPolicy:s replicas:i revisionHistoryLimit:i selector:@meta.v1.LabelSelector! serviceName:s|zero template:@core.v1.PodTemplateSpec!|zero updateStrategy:@apps.v1.StatefulSetUpdateStrategy|zero volumeClaimTemplates:[@core.v1.PersistentVolumeClaim
apps.v1.StatefulSetStatus: availableReplicas:i|zero collisionCount:i conditions:[@apps.v1.StatefulSetCondition|keys=type|patch=type currentReplicas:i currentRevision:s observedGeneration:l readyReplicas:i replicas:i!|zero updateRevision:s updatedReplicas:i
apps.v1.StatefulSetUpdateStrategy: rollingUpdate:@apps.v1.RollingUpdateStatefulSetStrategy type:s
autoscaling.v2.ContainerResourceMetricSource: container:s!|zero name:s!|zero target:@autoscaling.v2.MetricTarget!|zero
autoscaling.v2.ContainerResourceMetricStatus: container:s!|zero current:@autoscaling.v2.MetricValueStatus!|zero name:s!|zero
autoscaling.v2.CrossVersionObjectReference: apiVersion:s kind:s!|zero name:s!|zero
autoscaling.v2.ExternalMetricSource: metric:@autoscaling.v2.MetricIdentifier!|zero target:@autoscaling.v2.MetricTarget!|zero
autoscaling.v2.ExternalMetricStatus: current:@autoscaling.v2.MetricValueStatus!|zero metric:@autoscaling.v2.MetricIdentifier!|zero
autoscaling.v2.HPAScalingPolicy: periodSeconds:i!|zero type:s!|zero value:i!|zero
autoscaling.v2.HPAScalingRules: policies:[@autoscaling.v2.HPAScalingPolicy selectPolicy:s stabilizationWindowSeconds:i tolerance:q
autoscaling.v2.HorizontalPodAutoscaler autoscaling/v2/HorizontalPodAutoscaler: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@autoscaling.v2.HorizontalPodAutoscalerSpec|zero status:@autoscaling.v2.HorizontalPodAutoscalerStatus|zero
autoscaling.v2.HorizontalPodAutoscalerBehavior: scaleDown:@autoscaling.v2.HPAScalingRules scaleUp:@autoscaling.v2.HPAScalingRules
autoscaling.v2.HorizontalPodAutoscalerCondition: lastTransitionTime:t message:s reason:s status:s!|zero type:s!|zero
autoscaling.v2.HorizontalPodAutoscalerSpec: behavior:@autoscaling.v2.HorizontalPodAutoscalerBehavior maxReplicas:i!|zero metrics:[@autoscaling.v2.MetricSpec minReplicas:i scaleTargetRef:@autoscaling.v2.CrossVersionObjectReference!|zero
autoscaling.v2.HorizontalPodAutoscalerStatus: conditions:[@autoscaling.v2.HorizontalPodAutoscalerCondition|keys=type|patch=type currentMetrics:[@autoscaling.v2.MetricStatus currentReplicas:i desiredReplicas:i!|zero lastScaleTime:t observedGeneration:l
autoscaling.v2.MetricIdentifier: name:s!|zero selector:@meta.v1.LabelSelector
autoscaling.v2.MetricSpec: containerResource:@autoscaling.v2.ContainerResourceMetricSource external:@autoscaling.v2.ExternalMetricSource object:@autoscaling.v2.ObjectMetricSource pods:@autoscaling.v2.PodsMetricSource resource:@autoscaling.v2.ResourceMetricSource type:s!|zero
autoscaling.v2.MetricStatus: containerResource:@autoscaling.v2.ContainerResourceMetricStatus external:@autoscaling.v2.ExternalMetricStatus object:@autoscaling.v2.ObjectMetricStatus pods:@autoscaling.v2.PodsMetricStatus resource:@autoscaling.v2.ResourceMetricStatus type:s!|zero
autoscaling.v2.MetricTarget: averageUtilization:i averageValue:q type:s!|zero value:q
autoscaling.v2.MetricValueStatus: averageUtilization:i averageValue:q value:q
autoscaling.v2.ObjectMetricSource: describedObject:@autoscaling.v2.CrossVersionObjectReference!|zero metric:@autoscaling.v2.MetricIdentifier!|zero target:@autoscaling.v2.MetricTarget!|zero
autoscaling.v2.ObjectMetricStatus: current:@autoscaling.v2.MetricValueStatus!|zero describedObject:@autoscaling.v2.CrossVersionObjectReference!|zero metric:@autoscaling.v2.MetricIdentifier!|zero
autoscaling.v2.PodsMetricSource: metric:@autoscaling.v2.MetricIdentifier!|zero target:@autoscaling.v2.MetricTarget!|zero
autoscaling.v2.PodsMetricStatus: current:@autoscaling.v2.MetricValueStatus!|zero metric:@autoscaling.v2.MetricIdentifier!|zero
autoscaling.v2.ResourceMetricSource: name:s!|zero target:@autoscaling.v2.MetricTarget!|zero
autoscaling.v2.ResourceMetricStatus: current:@autoscaling.v2.MetricValueStatus!|zero name:s!|zero
batch.v1.CronJob batch/v1/CronJob: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@batch.v1.CronJobSpec|zero status:@batch.v1.CronJobStatus|zero
batch.v1.CronJobSpec: concurrencyPolicy:s failedJobsHistoryLimit:i jobTemplate:@batch.v1.JobTemplateSpec!|zero schedule:s!|zero startingDeadlineSeconds:l successfulJobsHistoryLimit:i suspend:b timeZone:s
batch.v1.CronJobStatus: active:[@core.v1.ObjectReference lastScheduleTime:t lastSuccessfulTime:t
batch.v1.Job batch/v1/Job: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@batch.v1.JobSpec|zero status:@batch.v1.JobStatus|zero
batch.v1.JobCondition: lastProbeTime:t lastTransitionTime:t message:s reason:s status:s!|zero type:s!|zero
batch.v1.JobSpec: activeDeadlineSeconds:l backoffLimit:i backoffLimitPerIndex:i completionMode:s completions:i managedBy:s manualSelector:b maxFailedIndexes:i parallelism:i podFailurePolicy:@batch.v1.PodFailurePolicy podReplacementPolicy:s selector:@meta.v1.LabelSelector successPolicy:@batch.v1.SuccessPolicy suspend:b template:@core.v1.PodTemplateSpec!|zero ttlSecondsAfterFinished:i
batch.v1.JobStatus: active:i completedIndexes:s completionTime:t conditions:[@batch.v1.JobCondition|patch=type failed:i failedIndexes:s ready:i startTime:t succeeded:i terminating:i uncountedTerminatedPods:@batch.v1.UncountedTerminatedPods
batch.v1.JobTemplateSpec: metadata:@meta.v1.ObjectMeta|zero spec:@batch.v1.JobSpec|zero
batch.v1.PodFailurePolicy: rules:[@batch.v1.PodFailurePolicyRule!
batch.v1.PodFailurePolicyOnExitCodesRequirement: containerName:s operator:s!|zero values:[i!|set
batch.v1.PodFailurePolicyOnPodConditionsPattern: status:s!|zero type:s!|zero
batch.v1.PodFailurePolicyRule: action:s!|zero onExitCodes:@batch.v1.PodFailurePolicyOnExitCodesRequirement onPodConditions:[@batch.v1.PodFailurePolicyOnPodConditionsPattern
batch.v1.SuccessPolicy: rules:[@batch.v1.SuccessPolicyRule!
batch.v1.SuccessPolicyRule: succeededCount:i succeededIndexes:s
batch.v1.UncountedTerminatedPods: failed:[s|set succeeded:[s|set
coordination.v1.Lease coordination.k8s.io/v1/Lease: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@coordination.v1.LeaseSpec|zero
coordination.v1.LeaseSpec: acquireTime:t holderIdentity:s leaseDurationSeconds:i leaseTransitions:i preferredHolder:s renewTime:t strategy:s
core.v1.AWSElasticBlockStoreVolumeSource: fsType:s partition:i readOnly:b volumeID:s!|zero
core.v1.Affinity: nodeAffinity:@core.v1.NodeAffinity podAffinity:@core.v1.PodAffinity podAntiAffinity:@core.v1.PodAntiAffinity
core.v1.AppArmorProfile: localhostProfile:s type:s!|zero
core.v1.AttachedVolume: devicePath:s!|zero name:s!|zero
core.v1.AzureDiskVolumeSource: cachingMode:s|default=ReadWrite diskName:s!|zero diskURI:s!|zero fsType:s|default=ext4 kind:s|default=Shared readOnly:b|zero
core.v1.AzureFilePersistentVolumeSource: readOnly:b secretName:s!|zero secretNamespace:s shareName:s!|zero
core.v1.AzureFileVolumeSource: readOnly:b secretName:s!|zero shareName:s!|zero
core.v1.CSIPersistentVolumeSource: controllerExpandSecretRef:@core.v1.SecretReference controllerPublishSecretRef:@core.v1.SecretReference driver:s!|zero fsType:s nodeExpandSecretRef:@core.v1.SecretReference nodePublishSecretRef:@core.v1.SecretReference nodeStageSecretRef:@core.v1.SecretReference readOnly:b volumeAttributes:{s volumeHandle:s!|zero
core.v1.CSIVolumeSource: driver:s!|zero fsType:s nodePublishSecretRef:@core.v1.LocalObjectReference readOnly:b volumeAttributes:{s
core.v1.Capabilities: add:[s drop:[s
core.v1.CephFSPersistentVolumeSource: monitors:[s! path:s readOnly:b secretFile:s secretRef:@core.v1.SecretReference user:s
core.v1.CephFSVolumeSource: monitors:[s! path:s readOnly:b secretFile:s secretRef:@core.v1.LocalObjectReference user:s
core.v1.CinderPersistentVolumeSource: fsType:s readOnly:b secretRef:@core.v1.SecretReference volumeID:s!|zero
core.v1.CinderVolumeSource: fsType:s readOnly:b secretRef:@core.v1.LocalObjectReference volumeID:s!|zero
core.v1.ClientIPConfig: timeoutSeconds:i
core.v1.ClusterTrustBundleProjection: labelSelector:@meta.v1.LabelSelector name:s optional:b path:s!|zero signerName:s
core.v1.ComponentCondition: error:s message:s status:s!|zero type:s!|zero
core.v1.ComponentStatus v1/ComponentStatus: apiVersion:s conditions:[@core.v1.ComponentCondition|keys=type|patch=type kind:s metadata:@meta.v1.ObjectMeta|zero
core.v1.ConfigMap v1/ConfigMap: apiVersion:s binaryData:{y data:{s immutable:b kind:s metadata:@meta.v1.ObjectMeta|zero
core.v1.ConfigMapEnvSource: name:s|zero optional:b
core.v1.ConfigMapKeySelector ~: key:s!|zero name:s|zero optional:b
core.v1.ConfigMapNodeConfigSource: kubeletConfigKey:s!|zero name:s!|zero namespace:s!|zero resourceVersion:s uid:s
core.v1.ConfigMapProjection: items:[@core.v1.KeyToPath name:s|zero optional:b
core.v1.ConfigMapVolumeSource: defaultMode:i items:[@core.v1.KeyToPath name:s|zero optional:b
core.v1.Container: args:[s command:[s env:[@core.v1.EnvVar|keys=name|patch=name envFrom:[@core.v1.EnvFromSource image:s imagePullPolicy:s lifecycle:@core.v1.Lifecycle livenessProbe:@core.v1.Probe name:s!|zero ports:[@core.v1.ContainerPort|keys=containerPort,protocol|patch=containerPort readinessProbe:@core.v1.Probe resizePolicy:[@core.v1.ContainerResizePolicy resources:@core.v1.ResourceRequirements|zero restartPolicy:s restartPolicyRules:[@core.v1.ContainerRestartRule securityContext:@core.v1.SecurityContext startupProbe:@core.v1.Probe stdin:b stdinOnce:b terminationMessagePath:s terminationMessagePolicy:s tty:b volumeDevices:[@core.v1.VolumeDevice|keys=devicePath|patch=devicePath volumeMounts:[@core.v1.VolumeMount|keys=mountPath|patch=mountPath workingDir:s
core.v1.ContainerExtendedResourceRequest: containerName:s!|zero requestName:s!|zero resourceName:s!|zero
core.v1.ContainerImage: names:[s sizeBytes:l
core.v1.ContainerPort: containerPort:i!|zero hostIP:s hostPort:i name:s protocol:s|default=TCP
core.v1.ContainerResizePolicy: resourceName:s!|zero restartPolicy:s!|zero
core.v1.ContainerRestartRule: action:s! exitCodes:@core.v1.ContainerRestartRuleOnExitCodes
core.v1.ContainerRestartRuleOnExitCodes: operator:s! values:[i|set
core.v1.ContainerState: running:@core.v1.ContainerStateRunning terminated:@core.v1.ContainerStateTerminated waiting:@core.v1.ContainerStateWaiting
core.v1.ContainerStateRunning: startedAt:t
core.v1.ContainerStateTerminated: containerID:s exitCode:i!|zero finishedAt:t message:s reason:s signal:i startedAt:t
core.v1.ContainerStateWaiting: message:s reason:s
core.v1.ContainerStatus: allocatedResources:{q allocatedResourcesStatus:[@core.v1.ResourceStatus|keys=name|patch=name containerID:s image:s!|zero imageID:s!|zero lastState:@core.v1.ContainerState|zero name:s!|zero ready:b!|zero resources:@core.v1.ResourceRequirements restartCount:i!|zero started:b state:@core.v1.ContainerState|zero stopSignal:s user:@core.v1.ContainerUser volumeMounts:[@core.v1.VolumeMountStatus|keys=mountPath|patch=mountPath
core.v1.ContainerUser: linux:@core.v1.LinuxContainerUser
core.v1.DaemonEndpoint: Port:i!|zero
core.v1.DownwardAPIProjection: items:[@core.v1.DownwardAPIVolumeFile
core.v1.DownwardAPIVolumeFile: fieldRef:@core.v1.ObjectFieldSelector mode:i path:s!|zero resourceFieldRef:@core.v1.ResourceFieldSelector
core.v1.DownwardAPIVolumeSource: defaultMode:i items:[@core.v1.DownwardAPIVolumeFile
core.v1.EmptyDirVolumeSource: medium:s sizeLimit:q
core.v1.EndpointAddress ~: hostname:s ip:s!|zero nodeName:s targetRef:@core.v1.ObjectReference
core.v1.EndpointPort ~: appProtocol:s name:s port:i!|zero protocol:s
core.v1.EndpointSubset: addresses:[@core.v1.EndpointAddress notReadyAddresses:[@core.v1.EndpointAddress ports:[@core.v1.EndpointPort
core.v1.Endpoints v1/Endpoints: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero subsets:[@core.v1.EndpointSubset
core.v1.EnvFromSource: configMapRef:@core.v1.ConfigMapEnvSource prefix:s secretRef:@core.v1.SecretEnvSource
core.v1.EnvVar: name:s!|zero value:s valueFrom:@core.v1.EnvVarSource
core.v1.EnvVarSource: configMapKeyRef:@core.v1.ConfigMapKeySelector fieldRef:@core.v1.ObjectFieldSelector fileKeyRef:@core.v1.FileKeySelector resourceFieldRef:@core.v1.ResourceFieldSelector secretKeyRef:@core.v1.SecretKeySelector
core.v1.EphemeralContainer: args:[s command:[s env:[@core.v1.EnvVar|keys=name|patch=name envFrom:[@core.v1.EnvFromSource image:s imagePullPolicy:s lifecycle:@core.v1.Lifecycle livenessProbe:@core.v1.Probe name:s!|zero ports:[@core.v1.ContainerPort|keys=containerPort,protocol|patch=containerPort readinessProbe:@core.v1.Probe resizePolicy:[@core.v1.ContainerResizePolicy resources:@core.v1.ResourceRequirements|zero restartPolicy:s restartPolicyRules:[@core.v1.ContainerRestartRule securityContext:@core.v1.SecurityContext startupProbe:@core.v1.Probe stdin:b stdinOnce:b targetContainerName:s terminationMessagePath:s terminationMessagePolicy:s tty:b volumeDevices:[@core.v1.VolumeDevice|keys=devicePath|patch=devicePath volumeMounts:[@core.v1.VolumeMount|keys=mountPath|patch=mountPath workingDir:s
core.v1.EphemeralVolumeSource: volumeClaimTemplate:@core.v1.PersistentVolumeClaimTemplate
core.v1.Event v1/Event: action:s apiVersion:s count:i eventTime:t firstTimestamp:t involvedObject:@core.v1.ObjectReference!|zero kind:s lastTimestamp:t message:s metadata:@meta.v1.ObjectMeta!|zero reason:s related:@core.v1.ObjectReference reportingComponent:s|zero reportingInstance:s|zero series:@core.v1.EventSeries source:@core.v1.EventSource|zero type:s
core.v1.EventSeries: count:i lastObservedTime:t
core.v1.EventSource: component:s host:s
core.v1.ExecAction: command:[s
core.v1.FCVolumeSource: fsType:s lun:i readOnly:b targetWWNs:[s wwids:[s
core.v1.FileKeySelector ~: key:s!|zero optional:b|zero path:s!|zero volumeName:s!|zero
core.v1.FlexPersistentVolumeSource: driver:s!|zero fsType:s options:{s readOnly:b secretRef:@core.v1.SecretReference
core.v1.FlexVolumeSource: driver:s!|zero fsType:s options:{s readOnly:b secretRef:@core.v1.LocalObjectReference
core.v1.FlockerVolumeSource: datasetName:s datasetUUID:s
core.v1.GCEPersistentDiskVolumeSource: fsType:s partition:i pdName:s!|zero readOnly:b
core.v1.GRPCAction: port:i!|zero service:s|zero
core.v1.GitRepoVolumeSource: directory:s repository:s!|zero revision:s
core.v1.GlusterfsPersistentVolumeSource: endpoints:s!|zero endpointsNamespace:s path:s!|zero readOnly:b
core.v1.GlusterfsVolumeSource: endpoints:s!|zero path:s!|zero readOnly:b
core.v1.HTTPGetAction: host:s httpHeaders:[@core.v1.HTTPHeader path:s port:x! scheme:s
core.v1.HTTPHeader: name:s!|zero value:s!|zero
core.v1.HostAlias: hostnames:[s ip:s!|zero
core.v1.HostIP: ip:s!|zero
core.v1.HostPathVolumeSource: path:s!|zero type:s
core.v1.ISCSIPersistentVolumeSource: chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn:s!|zero iscsiInterface:s|default=default lun:i!|zero portals:[s readOnly:b secretRef:@core.v1.SecretReference targetPortal:s!|zero
core.v1.ISCSIVolumeSource: chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn:s!|zero iscsiInterface:s|default=default lun:i!|zero portals:[s readOnly:b secretRef:@core.v1.LocalObjectReference targetPortal:s!|zero
core.v1.ImageVolumeSource: pullPolicy:s reference:s
core.v1.KeyToPath: key:s!|zero mode:i path:s!|zero
core.v1.Lifecycle: postStart:@core.v1.LifecycleHandler preStop:@core.v1.LifecycleHandler stopSignal:s
core.v1.LifecycleHandler: exec:@core.v1.ExecAction httpGet:@core.v1.HTTPGetAction sleep:@core.v1.SleepAction tcpSocket:@core.v1.TCPSocketAction
core.v1.LimitRange v1/LimitRange: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@core.v1.LimitRangeSpec|zero
core.v1.LimitRangeItem: default:{q defaultRequest:{q max:{q maxLimitRequestRatio:{q min:{q type:s!|zero
core.v1.LimitRangeSpec: limits:[@core.v1.LimitRangeItem!
core.v1.LinuxContainerUser: gid:l!|zero supplementalGroups:[l uid:l!|zero
core.v1.LoadBalancerIngress: hostname:s ip:s ipMode:s ports:[@core.v1.PortStatus
core.v1.LoadBalancerStatus: ingress:[@core.v1.LoadBalancerIngress
core.v1.LocalObjectReference ~: name:s|zero
core.v1.LocalVolumeSource: fsType:s path:s!|zero
core.v1.ModifyVolumeStatus: status:s!|zero targetVolumeAttributesClassName:s
core.v1.NFSVolumeSource: path:s!|zero readOnly:b server:s!|zero
core.v1.Namespace v1/Namespace: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@core.v1.NamespaceSpec|zero status:@core.v1.NamespaceStatus|zero
core.v1.NamespaceCondition: lastTransitionTime:t message:s reason:s status:s!|zero type:s!|zero
core.v1.NamespaceSpec: finalizers:[s
core.v1.NamespaceStatus: conditions:[@core.v1.NamespaceCondition|keys=type|patch=type phase:s
core.v1.Node v1/Node: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@core.v1.NodeSpec|zero status:@core.v1.NodeStatus|zero
core.v1.NodeAddress: address:s!|zero type:s!|zero
core.v1.NodeAffinity: preferredDuringSchedulingIgnoredDuringExecution:[@core.v1.PreferredSchedulingTerm requiredDuringSchedulingIgnoredDuringExecution:@core.v1.NodeSelector
core.v1.NodeCondition: lastHeartbeatTime:t lastTransitionTime:t message:s reason:s status:s!|zero type:s!|zero
core.v1.NodeConfigSource: configMap:@core.v1.ConfigMapNodeConfigSource
core.v1.NodeConfigStatus: active:@core.v1.NodeConfigSource assigned:@core.v1.NodeConfigSource error:s lastKnownGood:@core.v1.NodeConfigSource
core.v1.NodeDaemonEndpoints: kubeletEndpoint:@core.v1.DaemonEndpoint|zero
core.v1.NodeFeatures: supplementalGroupsPolicy:b
core.v1.NodeRuntimeHandler: features:@core.v1.NodeRuntimeHandlerFeatures name:s|zero
core.v1.NodeRuntimeHandlerFeatures: recursiveReadOnlyMounts:b userNamespaces:b
core.v1.NodeSelector ~: nodeSelectorTerms:[@core.v1.NodeSelectorTerm!
core.v1.NodeSelectorRequirement: key:s!|zero operator:s!|zero values:[s
core.v1.NodeSelectorTerm ~: matchExpressions:[@core.v1.NodeSelectorRequirement matchFields:[@core.v1.NodeSelectorRequirement
core.v1.NodeSpec: configSource:@core.v1.NodeConfigSource externalID:s podCIDR:s podCIDRs:[s|set|patch providerID:s taints:[@core.v1.Taint unschedulable:b
core.v1.NodeStatus: addresses:[@core.v1.NodeAddress|keys=type|patch=type allocatable:{q capacity:{q conditions:[@core.v1.NodeCondition|keys=type|patch=type config:@core.v1.NodeConfigStatus daemonEndpoints:@core.v1.NodeDaemonEndpoints|zero features:@core.v1.NodeFeatures images:[@core.v1.ContainerImage nodeInfo:@core.v1.NodeSystemInfo|zero phase:s runtimeHandlers:[@core.v1.NodeRuntimeHandler volumesAttached:[@core.v1.AttachedVolume volumesInUse:[s
core.v1.NodeSwapStatus: capacity:l
core.v1.NodeSystemInfo: architecture:s!|zero bootID:s!|zero containerRuntimeVersion:s!|zero kernelVersion:s!|zero kubeProxyVersion:s!|zero kubeletVersion:s!|zero machineID:s!|zero operatingSystem:s!|zero osImage:s!|zero swap:@core.v1.NodeSwapStatus systemUUID:s!|zero
core.v1.ObjectFieldSelector ~: apiVersion:s fieldPath:s!|zero
core.v1.ObjectReference ~: apiVersion:s fieldPath:s kind:s name:s namespace:s resourceVersion:s uid:s
core.v1.PersistentVolume v1/PersistentVolume: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@core.v1.PersistentVolumeSpec|zero status:@core.v1.PersistentVolumeStatus|zero
core.v1.PersistentVolumeClaim v1/PersistentVolumeClaim: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@core.v1.PersistentVolumeClaimSpec|zero status:@core.v1.PersistentVolumeClaimStatus|zero
core.v1.PersistentVolumeClaimCondition: lastProbeTime:t lastTransitionTime:t message:s reason:s status:s!|zero type:s!|zero
core.v1.PersistentVolumeClaimSpec: accessModes:[s dataSource:@core.v1.TypedLocalObjectReference dataSourceRef:@core.v1.TypedObjectReference resources:@core.v1.VolumeResourceRequirements|zero selector:@meta.v1.LabelSelector storageClassName:s volumeAttributesClassName:s volumeMode:s volumeName:s
core.v1.PersistentVolumeClaimStatus: accessModes:[s allocatedResourceStatuses:{s allocatedResources:{q capacity:{q conditions:[@core.v1.PersistentVolumeClaimCondition|keys=type|patch=type currentVolumeAttributesClassName:s modifyVolumeStatus:@core.v1.ModifyVolumeStatus phase:s
core.v1.PersistentVolumeClaimTemplate: metadata:@meta.v1.ObjectMeta|zero spec:@core.v1.PersistentVolumeClaimSpec!|zero
core.v1.PersistentVolumeClaimVolumeSource: claimName:s!|zero readOnly:b
core.v1.PersistentVolumeSpec: accessModes:[s awsElasticBlockStore:@core.v1.AWSElasticBlockStoreVolumeSource azureDisk:@core.v1.AzureDiskVolumeSource azureFile:@core.v1.AzureFilePersistentVolumeSource capacity:{q cephfs:@core.v1.CephFSPersistentVolumeSource cinder:@core.v1.CinderPersistentVolumeSource claimRef:@core.v1.ObjectReference csi:@core.v1.CSIPersistentVolumeSource fc:@core.v1.FCVolumeSource flexVolume:@core.v1.FlexPersistentVolumeSource flocker:@core.v1.FlockerVolumeSource gcePersistentDisk:@core.v1.GCEPersistentDiskVolumeSource glusterfs:@core.v1.GlusterfsPersistentVolumeSource hostPath:@core.v1.HostPathVolumeSource iscsi:@core.v1.ISCSIPersistentVolumeSource local:@core.v1.LocalVolumeSource mountOptions:[s nfs:@core.v1.NFSVolumeSource nodeAffinity:@core.v1.VolumeNodeAffinity persistentVolumeReclaimPolicy:s photonPersistentDisk:@core.v1.PhotonPersistentDiskVolumeSource portworxVolume:@core.v1.PortworxVolumeSource quobyte:@core.v1.QuobyteVolumeSource rbd:@core.v1.RBDPersistentVolumeSource scaleIO:@core.v1.ScaleIOPersistentVolumeSource storageClassName:s storageos:@core.v1.StorageOSPersistentVolumeSource volumeAttributesClassName:s volumeMode:s vsphereVolume:@core.v1.VsphereVirtualDiskVolumeSource
core.v1.PersistentVolumeStatus: lastPhaseTransitionTime:t message:s phase:s reason:s
core.v1.PhotonPersistentDiskVolumeSource: fsType:s pdID:s!|zero
core.v1.Pod v1/Pod: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@core.v1.PodSpec|zero status:@core.v1.PodStatus|zero
core.v1.PodAffinity: preferredDuringSchedulingIgnoredDuringExecution:[@core.v1.WeightedPodAffinityTerm requiredDuringSchedulingIgnoredDuringExecution:[@core.v1.PodAffinityTerm
core.v1.PodAffinityTerm: labelSelector:@meta.v1.LabelSelector matchLabelKeys:[s mismatchLabelKeys:[s namespaceSelector:@meta.v1.LabelSelector namespaces:[s topologyKey:s!|zero
core.v1.PodAntiAffinity: preferredDuringSchedulingIgnoredDuringExecution:[@core.v1.WeightedPodAffinityTerm requiredDuringSchedulingIgnoredDuringExecution:[@core.v1.PodAffinityTerm
core.v1.PodCertificateProjection: certificateChainPath:s credentialBundlePath:s keyPath:s keyType:s! maxExpirationSeconds:i signerName:s!
core.v1.PodCondition: lastProbeTime:t lastTransitionTime:t message:s observedGeneration:l reason:s status:s!|zero type:s!|zero
core.v1.PodDNSConfig: nameservers:[s options:[@core.v1.PodDNSConfigOption searches:[s
core.v1.PodDNSConfigOption: name:s value:s
core.v1.PodExtendedResourceClaimStatus: requestMappings:[@core.v1.ContainerExtendedResourceRequest! resourceClaimName:s!|zero
core.v1.PodIP: ip:s!|zero
core.v1.PodOS: name:s!|zero
core.v1.PodReadinessGate: conditionType:s!|zero
core.v1.PodResourceClaim: name:s!|zero resourceClaimName:s resourceClaimTemplateName:s
core.v1.PodResourceClaimStatus: name:s!|zero resourceClaimName:s
core.v1.PodSchedulingGate: name:s!|zero
core.v1.PodSecurityContext: appArmorProfile:@core.v1.AppArmorProfile fsGroup:l fsGroupChangePolicy:s runAsGroup:l runAsNonRoot:b runAsUser:l seLinuxChangePolicy:s seLinuxOptions:@core.v1.SELinuxOptions seccompProfile:@core.v1.SeccompProfile supplementalGroups:[l supplementalGroupsPolicy:s sysctls:[@core.v1.Sysctl windowsOptions:@core.v1.WindowsSecurityContextOptions
core.v1.PodSpec: activeDeadlineSeconds:l affinity:@core.v1.Affinity automountServiceAccountToken:b containers:[@core.v1.Container!|keys=name|patch=name dnsConfig:@core.v1.PodDNSConfig dnsPolicy:s enableServiceLinks:b ephemeralContainers:[@core.v1.EphemeralContainer|keys=name|patch=name hostAliases:[@core.v1.HostAlias|keys=ip|patch=ip hostIPC:b hostNetwork:b hostPID:b hostUsers:b hostname:s hostnameOverride:s imagePullSecrets:[@core.v1.LocalObjectReference|keys=name|patch=name initContainers:[@core.v1.Container|keys=name|patch=name nodeName:s nodeSelector:{s|atomic os:@core.v1.PodOS overhead:{q preemptionPolicy:s priority:i priorityClassName:s readinessGates:[@core.v1.PodReadinessGate resourceClaims:[@core.v1.PodResourceClaim|keys=name|patch=name|retain resources:@core.v1.ResourceRequirements restartPolicy:s runtimeClassName:s schedulerName:s schedulingGates:[@core.v1.PodSchedulingGate|keys=name|patch=name securityContext:@core.v1.PodSecurityContext serviceAccount:s serviceAccountName:s setHostnameAsFQDN:b shareProcessNamespace:b subdomain:s terminationGracePeriodSeconds:l tolerations:[@core.v1.Toleration topologySpreadConstraints:[@core.v1.TopologySpreadConstraint|keys=topologyKey,whenUnsatisfiable|patch=topologyKey volumes:[@core.v1.Volume|keys=name|patch=name|retain
core.v1.PodStatus: conditions:[@core.v1.PodCondition|keys=type|patch=type containerStatuses:[@core.v1.ContainerStatus ephemeralContainerStatuses:[@core.v1.ContainerStatus extendedResourceClaimStatus:@core.v1.PodExtendedResourceClaimStatus hostIP:s hostIPs:[@core.v1.HostIP|patch=ip initContainerStatuses:[@core.v1.ContainerStatus message:s nominatedNodeName:s observedGeneration:l phase:s podIP:s podIPs:[@core.v1.PodIP|keys=ip|patch=ip qosClass:s reason:s resize:s resourceClaimStatuses:[@core.v1.PodResourceClaimStatus|keys=name|patch=name|retain startTime:t
core.v1.PodTemplate v1/PodTemplate: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero template:@core.v1.PodTemplateSpec|zero
core.v1.PodTemplateSpec: metadata:@meta.v1.ObjectMeta|zero spec:@core.v1.PodSpec|zero
core.v1.PortStatus: error:s port:i!|zero protocol:s!|zero
core.v1.PortworxVolumeSource: fsType:s readOnly:b volumeID:s!|zero
core.v1.PreferredSchedulingTerm: preference:@core.v1.NodeSelectorTerm!|zero weight:i!|zero
core.v1.Probe: exec:@core.v1.ExecAction failureThreshold:i grpc:@core.v1.GRPCAction httpGet:@core.v1.HTTPGetAction initialDelaySeconds:i periodSeconds:i successThreshold:i tcpSocket:@core.v1.TCPSocketAction terminationGracePeriodSeconds:l timeoutSeconds:i
core.v1.ProjectedVolumeSource: defaultMode:i sources:[@core.v1.VolumeProjection
core.v1.QuobyteVolumeSource: group:s readOnly:b registry:s!|zero tenant:s user:s volume:s!|zero
core.v1.RBDPersistentVolumeSource: fsType:s image:s!|zero keyring:s|default=/etc/ceph/keyring monitors:[s! pool:s|default=rbd readOnly:b secretRef:@core.v1.SecretReference user:s|default=admin
core.v1.RBDVolumeSource: fsType:s image:s!|zero keyring:s|default=/etc/ceph/keyring monitors:[s! pool:s|default=rbd readOnly:b secretRef:@core.v1.LocalObjectReference user:s|default=admin
core.v1.ReplicationController v1/ReplicationController: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@core.v1.ReplicationControllerSpec|zero status:@core.v1.ReplicationControllerStatus|zero
core.v1.ReplicationControllerCondition: lastTransitionTime:t message:s reason:s status:s!|zero type:s!|zero
core.v1.ReplicationControllerSpec: minReadySeconds:i|zero replicas:i|default=1 selector:{s|atomic template:@core.v1.PodTemplateSpec
core.v1.ReplicationControllerStatus: availableReplicas:i conditions:[@core.v1.ReplicationControllerCondition|keys=type|patch=type fullyLabeledReplicas:i observedGeneration:l readyReplicas:i replicas:i!|zero
core.v1.ResourceClaim: name:s!|zero request:s
core.v1.ResourceFieldSelector ~: containerName:s divisor:q resource:s!|zero
core.v1.ResourceHealth: health:s resourceID:s!|zero
core.v1.ResourceQuota v1/ResourceQuota: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@core.v1.ResourceQuotaSpec|zero status:@core.v1.ResourceQuotaStatus|zero
core.v1.ResourceQuotaSpec: hard:{q scopeSelector:@core.v1.ScopeSelector scopes:[s
core.v1.ResourceQuotaStatus: hard:{q used:{q
core.v1.ResourceRequirements: claims:[@core.v1.ResourceClaim|keys=name limits:{q requests:{q
core.v1.ResourceStatus: name:s!|zero resources:[@core.v1.ResourceHealth|keys=resourceID
core.v1.SELinuxOptions: level:s role:s type:s user:s
core.v1.ScaleIOPersistentVolumeSource: fsType:s|default=xfs gateway:s!|zero protectionDomain:s readOnly:b secretRef:@core.v1.SecretReference! sslEnabled:b storageMode:s|default=ThinProvisioned storagePool:s system:s!|zero volumeName:s
core.v1.ScaleIOVolumeSource: fsType:s|default=xfs gateway:s!|zero protectionDomain:s readOnly:b secretRef:@core.v1.LocalObjectReference! sslEnabled:b storageMode:s|default=ThinProvisioned storagePool:s system:s!|zero volumeName:s
core.v1.ScopeSelector ~: matchExpressions:[@core.v1.ScopedResourceSelectorRequirement
core.v1.ScopedResourceSelectorRequirement: operator:s!|zero scopeName:s!|zero values:[s
core.v1.SeccompProfile: localhostProfile:s type:s!|zero
core.v1.Secret v1/Secret: apiVersion:s data:{y immutable:b kind:s metadata:@meta.v1.ObjectMeta|zero stringData:{s type:s
core.v1.SecretEnvSource: name:s|zero optional:b
core.v1.SecretKeySelector ~: key:s!|zero name:s|zero optional:b
core.v1.SecretProjection: items:[@core.v1.KeyToPath name:s|zero optional:b
core.v1.SecretReference ~: name:s namespace:s
core.v1.SecretVolumeSource: defaultMode:i items:[@core.v1.KeyToPath optional:b secretName:s
core.v1.SecurityContext: allowPrivilegeEscalation:b appArmorProfile:@core.v1.AppArmorProfile capabilities:@core.v1.Capabilities privileged:b procMount:s readOnlyRootFilesystem:b runAsGroup:l runAsNonRoot:b runAsUser:l seLinuxOptions:@core.v1.SELinuxOptions seccompProfile:@core.v1.SeccompProfile windowsOptions:@core.v1.WindowsSecurityContextOptions
core.v1.Service v1/Service: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@core.v1.ServiceSpec|zero status:@core.v1.ServiceStatus|zero
core.v1.ServiceAccount v1/ServiceAccount: apiVersion:s automountServiceAccountToken:b imagePullSecrets:[@core.v1.LocalObjectReference kind:s metadata:@meta.v1.ObjectMeta|zero secrets:[@core.v1.ObjectReference|keys=name|patch=name
core.v1.ServiceAccountTokenProjection: audience:s expirationSeconds:l path:s!|zero
core.v1.ServicePort: appProtocol:s name:s nodePort:i port:i!|zero protocol:s|default=TCP targetPort:x
core.v1.ServiceSpec: allocateLoadBalancerNodePorts:b clusterIP:s clusterIPs:[s externalIPs:[s externalName:s externalTrafficPolicy:s healthCheckNodePort:i internalTrafficPolicy:s ipFamilies:[s ipFamilyPolicy:s loadBalancerClass:s loadBalancerIP:s loadBalancerSourceRanges:[s ports:[@core.v1.ServicePort|keys=port,protocol|patch=port publishNotReadyAddresses:b selector:{s|atomic sessionAffinity:s sessionAffinityConfig:@core.v1.SessionAffinityConfig trafficDistribution:s type:s
core.v1.ServiceStatus: conditions:[@meta.v1.Condition|keys=type|patch=type loadBalancer:@core.v1.LoadBalancerStatus|zero
core.v1.SessionAffinityConfig: clientIP:@core.v1.ClientIPConfig
core.v1.SleepAction: seconds:l!|zero
core.v1.StorageOSPersistentVolumeSource: fsType:s readOnly:b secretRef:@core.v1.ObjectReference volumeName:s volumeNamespace:s
core.v1.StorageOSVolumeSource: fsType:s readOnly:b secretRef:@core.v1.LocalObjectReference volumeName:s volumeNamespace:s
core.v1.Sysctl: name:s!|zero value:s!|zero
core.v1.TCPSocketAction: host:s port:x!
core.v1.Taint: effect:s!|zero key:s!|zero timeAdded:t value:s
core.v1.Toleration: effect:s key:s operator:s tolerationSeconds:l value:s
core.v1.TopologySelectorLabelRequirement: key:s!|zero values:[s!
core.v1.TopologySelectorTerm ~: matchLabelExpressions:[@core.v1.TopologySelectorLabelRequirement
core.v1.TopologySpreadConstraint: labelSelector:@meta.v1.LabelSelector matchLabelKeys:[s maxSkew:i!|zero minDomains:i nodeAffinityPolicy:s nodeTaintsPolicy:s topologyKey:s!|zero whenUnsatisfiable:s!|zero
core.v1.TypedLocalObjectReference ~: apiGroup:s kind:s!|zero name:s!|zero
core.v1.TypedObjectReference: apiGroup:s kind:s!|zero name:s!|zero namespace:s
core.v1.Volume: awsElasticBlockStore:@core.v1.AWSElasticBlockStoreVolumeSource azureDisk:@core.v1.AzureDiskVolumeSource azureFile:@core.v1.AzureFileVolumeSource cephfs:@core.v1.CephFSVolumeSource cinder:@core.v1.CinderVolumeSource configMap:@core.v1.ConfigMapVolumeSource csi:@core.v1.CSIVolumeSource downwardAPI:@core.v1.DownwardAPIVolumeSource emptyDir:@core.v1.EmptyDirVolumeSource ephemeral:@core.v1.EphemeralVolumeSource fc:@core.v1.FCVolumeSource flexVolume:@core.v1.FlexVolumeSource flocker:@core.v1.FlockerVolumeSource gcePersistentDisk:@core.v1.GCEPersistentDiskVolumeSource gitRepo:@core.v1.GitRepoVolumeSource glusterfs:@core.v1.GlusterfsVolumeSource hostPath:@core.v1.HostPathVolumeSource image:@core.v1.ImageVolumeSource iscsi:@core.v1.ISCSIVolumeSource name:s!|zero nfs:@core.v1.NFSVolumeSource persistentVolumeClaim:@core.v1.PersistentVolumeClaimVolumeSource photonPersistentDisk:@core.v1.PhotonPersistentDiskVolumeSource portworxVolume:@core.v1.PortworxVolumeSource projected:@core.v1.ProjectedVolumeSource quobyte:@core.v1.QuobyteVolumeSource rbd:@core.v1.RBDVolumeSource scaleIO:@core.v1.ScaleIOVolumeSource secret:@core.v1.SecretVolumeSource storageos:@core.v1.StorageOSVolumeSource vsphereVolume:@core.v1.VsphereVirtualDiskVolumeSource
core.v1.VolumeDevice: devicePath:s!|zero name:s!|zero
core.v1.VolumeMount: mountPath:s!|zero mountPropagation:s name:s!|zero readOnly:b recursiveReadOnly:s subPath:s subPathExpr:s
core.v1.VolumeMountStatus: mountPath:s!|zero name:s!|zero readOnly:b recursiveReadOnly:s
core.v1.VolumeNodeAffinity: required:@core.v1.NodeSelector
core.v1.VolumeProjection: clusterTrustBundle:@core.v1.ClusterTrustBundleProjection configMap:@core.v1.ConfigMapProjection downwardAPI:@core.v1.DownwardAPIProjection podCertificate:@core.v1.PodCertificateProjection secret:@core.v1.SecretProjection serviceAccountToken:@core.v1.ServiceAccountTokenProjection
core.v1.VolumeResourceRequirements: limits:{q requests:{q
core.v1.VsphereVirtualDiskVolumeSource: fsType:s storagePolicyID:s storagePolicyName:s volumePath:s!|zero
core.v1.WeightedPodAffinityTerm: podAffinityTerm:@core.v1.PodAffinityTerm!|zero weight:i!|zero
core.v1.WindowsSecurityContextOptions: gmsaCredentialSpec:s gmsaCredentialSpecName:s hostProcess:b runAsUserName:s
events.v1.Event events.k8s.io/v1/Event: action:s apiVersion:s deprecatedCount:i deprecatedFirstTimestamp:t deprecatedLastTimestamp:t deprecatedSource:@core.v1.EventSource|zero eventTime:t! kind:s metadata:@meta.v1.ObjectMeta|zero note:s reason:s regarding:@core.v1.ObjectReference|zero related:@core.v1.ObjectReference reportingController:s reportingInstance:s series:@events.v1.EventSeries type:s
events.v1.EventSeries: count:i!|zero lastObservedTime:t!
meta.v1.Condition: lastTransitionTime:t! message:s!|zero observedGeneration:l reason:s!|zero status:s!|zero type:s!|zero
meta.v1.LabelSelector ~: matchExpressions:[@meta.v1.LabelSelectorRequirement matchLabels:{s
meta.v1.LabelSelectorRequirement: key:s!|zero operator:s!|zero values:[s
meta.v1.ManagedFieldsEntry: apiVersion:s fieldsType:s fieldsV1:* manager:s operation:s subresource:s time:t
meta.v1.ObjectMeta: annotations:{s creationTimestamp:t deletionGracePeriodSeconds:l deletionTimestamp:t finalizers:[s|set|patch generateName:s generation:l labels:{s managedFields:[@meta.v1.ManagedFieldsEntry name:s namespace:s ownerReferences:[@meta.v1.OwnerReference|keys=uid|patch=uid resourceVersion:s selfLink:s uid:s
meta.v1.OwnerReference ~: apiVersion:s!|zero blockOwnerDeletion:b controller:b kind:s!|zero name:s!|zero uid:s!|zero
networking.v1.HTTPIngressPath: backend:@networking.v1.IngressBackend!|zero path:s pathType:s!
networking.v1.HTTPIngressRuleValue: paths:[@networking.v1.HTTPIngressPath!
networking.v1.IPAddress networking.k8s.io/v1/IPAddress: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@networking.v1.IPAddressSpec|zero
networking.v1.IPAddressSpec: parentRef:@networking.v1.ParentReference!
networking.v1.IPBlock: cidr:s!|zero except:[s
networking.v1.Ingress networking.k8s.io/v1/Ingress: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@networking.v1.IngressSpec|zero status:@networking.v1.IngressStatus|zero
networking.v1.IngressBackend: resource:@core.v1.TypedLocalObjectReference service:@networking.v1.IngressServiceBackend
networking.v1.IngressClass networking.k8s.io/v1/IngressClass: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@networking.v1.IngressClassSpec|zero
networking.v1.IngressClassParametersReference: apiGroup:s kind:s!|zero name:s!|zero namespace:s scope:s
networking.v1.IngressClassSpec: controller:s parameters:@networking.v1.IngressClassParametersReference
networking.v1.IngressLoadBalancerIngress: hostname:s ip:s ports:[@networking.v1.IngressPortStatus
networking.v1.IngressLoadBalancerStatus: ingress:[@networking.v1.IngressLoadBalancerIngress
networking.v1.IngressPortStatus: error:s port:i!|zero protocol:s!|zero
networking.v1.IngressRule: host:s http:@networking.v1.HTTPIngressRuleValue
networking.v1.IngressServiceBackend: name:s!|zero port:@networking.v1.ServiceBackendPort|zero
networking.v1.IngressSpec: defaultBackend:@networking.v1.IngressBackend ingressClassName:s rules:[@networking.v1.IngressRule tls:[@networking.v1.IngressTLS
networking.v1.IngressStatus: loadBalancer:@networking.v1.IngressLoadBalancerStatus|zero
networking.v1.IngressTLS: hosts:[s secretName:s
networking.v1.NetworkPolicy networking.k8s.io/v1/NetworkPolicy: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@networking.v1.NetworkPolicySpec|zero
networking.v1.NetworkPolicyEgressRule: ports:[@networking.v1.NetworkPolicyPort to:[@networking.v1.NetworkPolicyPeer
networking.v1.NetworkPolicyIngressRule: from:[@networking.v1.NetworkPolicyPeer ports:[@networking.v1.NetworkPolicyPort
networking.v1.NetworkPolicyPeer: ipBlock:@networking.v1.IPBlock namespaceSelector:@meta.v1.LabelSelector podSelector:@meta.v1.LabelSelector
networking.v1.NetworkPolicyPort: endPort:i port:x protocol:s
networking.v1.NetworkPolicySpec: egress:[@networking.v1.NetworkPolicyEgressRule ingress:[@networking.v1.NetworkPolicyIngressRule podSelector:@meta.v1.LabelSelector|zero policyTypes:[s
networking.v1.ParentReference: group:s name:s! namespace:s resource:s!
networking.v1.ServiceBackendPort ~: name:s number:i
networking.v1.ServiceCIDR networking.k8s.io/v1/ServiceCIDR: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@networking.v1.ServiceCIDRSpec|zero status:@networking.v1.ServiceCIDRStatus|zero
networking.v1.ServiceCIDRSpec: cidrs:[s
networking.v1.ServiceCIDRStatus: conditions:[@meta.v1.Condition|keys=type|patch=type
policy.v1.PodDisruptionBudget policy/v1/PodDisruptionBudget: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@policy.v1.PodDisruptionBudgetSpec|zero status:@policy.v1.PodDisruptionBudgetStatus|zero
policy.v1.PodDisruptionBudgetSpec: maxUnavailable:x minAvailable:x selector:@meta.v1.LabelSelector unhealthyPodEvictionPolicy:s
policy.v1.PodDisruptionBudgetStatus: conditions:[@meta.v1.Condition|keys=type|patch=type currentHealthy:i!|zero desiredHealthy:i!|zero disruptedPods:{t disruptionsAllowed:i!|zero expectedPods:i!|zero observedGeneration:l
rbac.v1.AggregationRule: clusterRoleSelectors:[@meta.v1.LabelSelector
rbac.v1.ClusterRole rbac.authorization.k8s.io/v1/ClusterRole: aggregationRule:@rbac.v1.AggregationRule apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero rules:[@rbac.v1.PolicyRule
rbac.v1.ClusterRoleBinding rbac.authorization.k8s.io/v1/ClusterRoleBinding: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero roleRef:@rbac.v1.RoleRef!|zero subjects:[@rbac.v1.Subject
rbac.v1.PolicyRule: apiGroups:[s nonResourceURLs:[s resourceNames:[s resources:[s verbs:[s!
rbac.v1.Role rbac.authorization.k8s.io/v1/Role: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero rules:[@rbac.v1.PolicyRule
rbac.v1.RoleBinding rbac.authorization.k8s.io/v1/RoleBinding: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero roleRef:@rbac.v1.RoleRef!|zero subjects:[@rbac.v1.Subject
rbac.v1.RoleRef ~: apiGroup:s!|zero kind:s!|zero name:s!|zero
rbac.v1.Subject ~: apiGroup:s kind:s!|zero name:s!|zero namespace:s
scheduling.v1.PriorityClass scheduling.k8s.io/v1/PriorityClass: apiVersion:s description:s globalDefault:b kind:s metadata:@meta.v1.ObjectMeta|zero preemptionPolicy:s value:i!|zero
storage.v1.CSIDriver storage.k8s.io/v1/CSIDriver: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@storage.v1.CSIDriverSpec!|zero
storage.v1.CSIDriverSpec: attachRequired:b fsGroupPolicy:s nodeAllocatableUpdatePeriodSeconds:l podInfoOnMount:b requiresRepublish:b seLinuxMount:b storageCapacity:b tokenRequests:[@storage.v1.TokenRequest volumeLifecycleModes:[s|set
storage.v1.CSINode storage.k8s.io/v1/CSINode: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@storage.v1.CSINodeSpec!|zero
storage.v1.CSINodeDriver: allocatable:@storage.v1.VolumeNodeResources name:s!|zero nodeID:s!|zero topologyKeys:[s
storage.v1.CSINodeSpec: drivers:[@storage.v1.CSINodeDriver!|keys=name|patch=name
storage.v1.CSIStorageCapacity storage.k8s.io/v1/CSIStorageCapacity: apiVersion:s capacity:q kind:s maximumVolumeSize:q metadata:@meta.v1.ObjectMeta|zero nodeTopology:@meta.v1.LabelSelector storageClassName:s!|zero
storage.v1.StorageClass storage.k8s.io/v1/StorageClass: allowVolumeExpansion:b allowedTopologies:[@core.v1.TopologySelectorTerm apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero mountOptions:[s parameters:{s provisioner:s!|zero reclaimPolicy:s volumeBindingMode:s
storage.v1.TokenRequest: audience:s!|zero expirationSeconds:l
storage.v1.VolumeAttachment storage.k8s.io/v1/VolumeAttachment: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@storage.v1.VolumeAttachmentSpec!|zero status:@storage.v1.VolumeAttachmentStatus|zero
storage.v1.VolumeAttachmentSource: inlineVolumeSpec:@core.v1.PersistentVolumeSpec persistentVolumeName:s
storage.v1.VolumeAttachmentSpec: attacher:s!|zero nodeName:s!|zero source:@storage.v1.VolumeAttachmentSource!|zero
storage.v1.VolumeAttachmentStatus: attachError:@storage.v1.VolumeError attached:b!|zero attachmentMetadata:{s detachError:@storage.v1.VolumeError
storage.v1.VolumeAttributesClass storage.k8s.io/v1/VolumeAttributesClass: apiVersion:s driverName:s!|zero kind:s metadata:@meta.v1.ObjectMeta|zero parameters:{s
storage.v1.VolumeError: errorCode:i message:s time:t
storage.v1.VolumeNodeResources: count:i
`
