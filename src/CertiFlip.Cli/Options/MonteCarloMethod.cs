using CertiFlip.Cli.Output;
using CertiFlip.Heads;
using CertiFlip.Learners;

namespace CertiFlip.Cli.Options;

/// <summary>Algorithm 2 on a whole training procedure: retrained for every draw of the noise.</summary>
internal sealed record MonteCarloMethod : IMethod
{
    /// <summary>q.</summary>
    public double Noise { get; init; } = SmoothingMethod.DefaultNoise;

    public LearnerChoice Learner { get; init; } = LearnerChoice.Default;

    /// <summary>λ of the learner <c>ridge</c>.</summary>
    public RidgeChoice Ridge { get; init; } = RidgeChoice.Default;

    /// <summary>The intercept of the learner <c>ridge</c>.</summary>
    public Intercept Intercept { get; init; } = Intercept.Fitted;

    public MonteCarloOptions Sampling { get; init; } = new();

    public IReadOnlyList<CertificateKind> Certificates { get; init; } = MonteCarloCertifierOptions.AllCertificates;

    public void Check(RunData data)
    {
        if (!data.Classes.AreAlike)
            throw new UsageException(
                $"{ClassWording.OptionOf(data.Classes)}: that is a head's; the learner of monte-carlo decides by itself what it predicts.");
        data.NoiseOf(Noise);
        Learner.Check(data);
    }

    public MethodResult Run(RunData data, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        Noise noise = data.NoiseOf(Noise);
        FeatureMatrix training = data.Training.Features, test = data.Test.Features;
        progress.Report($"preparing the learner {Learner.Text} on {training.Rows:N0} × {training.Columns:N0} features");
        ILearner learner = RunData.Named(
            data.Training,
            () => Learner.Fit(data, Ridge.For(data.Labels, noise), Intercept, new ParallelOptions { MaxDegreeOfParallelism = threads }));
        cancellation.ThrowIfCancellationRequested();

        var options = new MonteCarloCertifierOptions
        {
            Certificates = Certificates,
            Adversary = data.Adversary,
            Threads = threads,
            Sampling = Sampling,
        };
        var certifier = new MonteCarloCertifier(learner, data.Labels, noise, options);
        IReadOnlyList<RowCertificates> rows = data.Certified(
            Certificates, new DrawProgress(progress, Sampling.SelectionSamples + Sampling.Samples),
            (first, count, done) => certifier.CertifyBatch(test.Part(first, count), done, cancellation));
        return new MethodResult(rows, SettingOf(learner, certifier, rows));
    }

    private Setting SettingOf(ILearner learner, MonteCarloCertifier certifier, IReadOnlyList<RowCertificates> rows)
    {
        bool isRidge = learner is RidgeLearner;
        string name = isRidge ? $"{new RidgeHeadChoice { Ridge = Ridge, Intercept = Intercept }.Describe()}," : Learner.Text;
        int abstentions = rows.Count(row => row.Certificates[0].Prediction == Certificate.Abstention);
        string more = certifier.LargestRadius == Radius.Of(0) ? "; more noise or more samples can prove more" : "";
        return new Setting
        {
            Method = MethodNames.MonteCarlo,
            Sentence = $"Noise q = {Noise}; learner {name} trained {Sampling.SelectionSamples + Sampling.Samples:N0} times, "
                + $"seed {Sampling.Seed}. Each radius holds with confidence {Sampling.Confidence} over the draws. "
                + $"That many draws can prove a radius of at most {certifier.LargestRadius}{more}. "
                + $"{Wording.Count(abstentions, "row")} {(abstentions == 1 ? "abstains" : "abstain")}.",
            ConditionalOnLambda = learner.DependsOnLabels,
            Noise = Noise,
            Learner = Learner.Text,
            Ridge = isRidge ? Ridge.Text : null,
            Lambda = (learner as RidgeLearner)?.Lambda,
            Intercept = isRidge ? Intercept == Intercept.Fitted : null,
            Samples = Sampling.Samples,
            Confidence = Sampling.Confidence,
            Seed = Sampling.Seed,
            Abstentions = abstentions,
        };
    }

    /// <summary>All rows wait for every draw.</summary>
    private sealed class DrawProgress(IWorkProgress inner, int draws) : IWorkProgress
    {
        public void Report(string stage) => inner.Report(stage);

        public IProgress<int> ReportCount(string stage, int count, string what) =>
            inner.ReportCount("training on", draws, "noisy labellings");
    }
}
