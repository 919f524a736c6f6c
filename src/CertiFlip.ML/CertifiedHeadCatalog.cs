using System.Globalization;
using CertiFlip.Heads;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace CertiFlip.ML;

/// <summary>Certified heads where ML.NET's users look for trainers.</summary>
public static class CertifiedHeadCatalog
{
    /// <summary>
    /// Ridge regression on the labels, <see cref="RidgeHead"/>: every prediction comes with the number of training
    /// labels that could be wrong without changing it.
    /// </summary>
    /// <param name="context">The context.</param>
    /// <param name="labelColumnName">The column of labels: a key, a text, a Boolean or a number.</param>
    /// <param name="featureColumnName">The column of features: vectors of a known size.</param>
    /// <param name="ridge">
    /// λ, as the command has it: <c>relative:C</c> for C times the mean eigenvalue of the features, or <c>fixed:L</c>.
    /// </param>
    /// <param name="flips">How many wrong labels a prediction must survive for <c>Certified</c> to be true.</param>
    /// <exception cref="ArgumentException"><paramref name="ridge"/> is no such rule.</exception>
    public static CertifiedHeadEstimator CertifiedRidge(
        this MLContext context, string labelColumnName = "Label", string featureColumnName = CertifiedHeadEstimator.Features,
        string ridge = "relative:1", int flips = 1) =>
        Make(context, "ridge", labelColumnName, featureColumnName, flips, ("ridge", ridge));

    /// <summary>
    /// Ridge with weights of about equal size, <see cref="SaturatedRidgeHead"/>: more flips where classes are clusters.
    /// </summary>
    /// <inheritdoc cref="CertifiedRidge(MLContext, string, string, string, int)"/>
    /// <param name="context">The context.</param>
    /// <param name="labelColumnName">The column of labels.</param>
    /// <param name="featureColumnName">The column of features.</param>
    /// <param name="ridge">λ.</param>
    /// <param name="gain">How steep the step is that makes weights equal, above 0.</param>
    /// <param name="flips">How many wrong labels a prediction must survive for <c>Certified</c> to be true.</param>
    public static CertifiedHeadEstimator CertifiedSaturatedRidge(
        this MLContext context, string labelColumnName = "Label", string featureColumnName = CertifiedHeadEstimator.Features,
        string ridge = "relative:1", double gain = 5, int flips = 1) =>
        Make(
            context, "saturated-ridge", labelColumnName, featureColumnName, flips, ("ridge", ridge),
            ("gain", gain.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>The vote of the nearest training rows, <see cref="NearestNeighboursHead"/>.</summary>
    /// <param name="context">The context.</param>
    /// <param name="labelColumnName">The column of labels.</param>
    /// <param name="featureColumnName">The column of features.</param>
    /// <param name="neighbours">How many vote, at least 1.</param>
    /// <param name="flips">How many wrong labels a prediction must survive for <c>Certified</c> to be true.</param>
    public static CertifiedHeadEstimator CertifiedNearestNeighbours(
        this MLContext context, string labelColumnName = "Label", string featureColumnName = CertifiedHeadEstimator.Features,
        int neighbours = 10, int flips = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        return Make(context, string.Create(CultureInfo.InvariantCulture, $"knn:{neighbours}"), labelColumnName, featureColumnName, flips);
    }

    /// <summary>A vote in which nearer training rows count more, <see cref="KernelSmootherHead"/>.</summary>
    /// <param name="context">The context.</param>
    /// <param name="labelColumnName">The column of labels.</param>
    /// <param name="featureColumnName">The column of features.</param>
    /// <param name="bandwidth">The width of the Gaussian kernel; from the features if not given.</param>
    /// <param name="flips">How many wrong labels a prediction must survive for <c>Certified</c> to be true.</param>
    public static CertifiedHeadEstimator CertifiedKernel(
        this MLContext context, string labelColumnName = "Label", string featureColumnName = CertifiedHeadEstimator.Features,
        double? bandwidth = null, int flips = 1) =>
        Make(
            context, bandwidth is { } h ? string.Create(CultureInfo.InvariantCulture, $"kernel:{h:R}") : "kernel", labelColumnName,
            featureColumnName, flips);

    /// <summary>Any head, with all that can be chosen.</summary>
    /// <param name="context">The context.</param>
    /// <param name="options">What is chosen.</param>
    public static CertifiedHeadEstimator CertifiedHead(this MLContext context, CertifiedHeadOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        return new CertifiedHeadEstimator(context, options);
    }

    /// <summary>Ridge regression for a Boolean label: the columns are those of a binary classifier.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="labelColumnName">The column of labels.</param>
    /// <param name="featureColumnName">The column of features.</param>
    public static CertifiedHeadEstimator CertifiedRidge(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, string labelColumnName = "Label",
        string featureColumnName = CertifiedHeadEstimator.Features) =>
        catalog.CertifiedHead(new CertifiedHeadOptions { LabelColumnName = labelColumnName, FeatureColumnName = featureColumnName });

    /// <summary>Any head for a Boolean label.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">What is chosen.</param>
    public static CertifiedHeadEstimator CertifiedHead(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, CertifiedHeadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new CertifiedHeadEstimator(CatalogUtils.GetEnvironment(catalog), options, isBinary: true);
    }

    /// <summary>Ridge regression for a key label.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="labelColumnName">The column of labels.</param>
    /// <param name="featureColumnName">The column of features.</param>
    public static CertifiedHeadEstimator CertifiedRidge(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, string labelColumnName = "Label",
        string featureColumnName = CertifiedHeadEstimator.Features) =>
        catalog.CertifiedHead(new CertifiedHeadOptions { LabelColumnName = labelColumnName, FeatureColumnName = featureColumnName });

    /// <summary>Any head for a key label.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">What is chosen.</param>
    public static CertifiedHeadEstimator CertifiedHead(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, CertifiedHeadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new CertifiedHeadEstimator(CatalogUtils.GetEnvironment(catalog), options);
    }

    /// <summary>
    /// A featurizer and a head. The featurizer is fitted without the label column, so its fitting cannot look at
    /// labels. What it would bring along from elsewhere, such as a trained model or a map, is refused.
    /// </summary>
    /// <param name="context">The context.</param>
    /// <param name="featurizer">What makes the features.</param>
    /// <param name="head">The head, such as <c>mlContext.CertifiedRidge()</c>.</param>
    /// <param name="otherLabelColumns">
    /// Other columns of the data that say the label, such as the text that a key was made from. They are withheld too.
    /// </param>
    public static CertifiedPipelineEstimator CertifiedPipeline(
        this MLContext context, IEstimator<ITransformer> featurizer, CertifiedHeadEstimator head, params string[] otherLabelColumns)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(featurizer);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(otherLabelColumns);
        return new CertifiedPipelineEstimator(context, featurizer, head, otherLabelColumns);
    }

    private static CertifiedHeadEstimator Make(
        IHostEnvironment environment, string head, string label, string features, int flips,
        params (string Name, string Value)[] options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentOutOfRangeException.ThrowIfLessThan(flips, 1);
        HeadChoice choice = HeadChoice.TryParse(head) ?? throw new ArgumentException($"There is no head {head}.", nameof(head));
        foreach ((string name, string value) in options)
        {
            choice = choice.WithOption(name, value)
                ?? throw new ArgumentException(
                    $"{name} cannot be '{value}'.{(name == "ridge" ? " Write relative:C or fixed:L." : "")}", name);
        }

        return new CertifiedHeadEstimator(
            environment,
            new CertifiedHeadOptions { Head = choice, LabelColumnName = label, FeatureColumnName = features, Flips = flips });
    }
}
