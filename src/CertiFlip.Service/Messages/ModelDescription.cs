namespace CertiFlip.Service.Messages;

/// <summary>What is served.</summary>
internal sealed record ModelDescription(
    int TrainingRows,
    int Features,
    IReadOnlyList<string> FeatureNames,
    IReadOnlyList<string> Classes,
    string Head,
    string Ridge,
    double Lambda,
    bool Intercept,
    bool ConditionalOnLambda,
    double Noise,
    int MaxRows,
    long MaxBodyBytes);

/// <summary>How the service is.</summary>
internal sealed record Health(string Status);
