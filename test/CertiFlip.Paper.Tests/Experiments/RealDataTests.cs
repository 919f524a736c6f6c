namespace CertiFlip.Paper.Tests.Experiments;

/// <summary>Small settings of the documented runs, where the public data are at hand.</summary>
public sealed class RealDataTests : IDisposable
{
    private readonly TestFolder _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Dogfish_certifies_more_than_the_paper()
    {
        Reproduction run = Run(
            "dogfish", "dogfish/manifest.csv", options => options with { Noises = [0.001], TestRows = 200, AttackedRows = 10 });
        AssertReaches(run, "tight", 10, 0.642);
        AssertReaches(run, "exact", 20, 0.8);
        Assert.True(Line(run, "undefended").Curve.At(50) < 0.5);
    }

    [Fact]
    public void Mnist_certifies_more_than_the_paper_where_the_undefended_classifier_is_broken()
    {
        Reproduction run = Run(
            "mnist17",
            "mnist/train-images-idx3-ubyte.gz",
            options => options with { Noises = [0.01], TestRows = 100, AttackedRows = 10, Epochs = 1 });
        Series undefended = Line(run, "undefended");
        int broken = Enumerable.Range(0, 13_007).First(flips => undefended.Curve.At(flips) < 0.5);
        AssertReaches(run, "tight", broken, 0.757);
        AssertReaches(run, "tight", 0, 0.945);
    }

    [Fact]
    public void Imdb_is_more_accurate_than_the_paper_and_certifies_hundreds_of_flips()
    {
        Reproduction run = Run(
            "imdb", "imdb/aclImdb_labelled.tar.xz", options => options with { Noises = [0.01], TestRows = 500, Components = 30 });
        AssertReaches(run, "tight", 0, 0.8);
        AssertReaches(run, "exact", 400, 0.5);
    }

    private static void AssertReaches(Reproduction run, string name, int flips, double least) =>
        Assert.InRange(flips == 0 ? Line(run, name).Curve.Accuracy : Line(run, name).Curve.At(flips), least, 1);

    private static Series Line(Reproduction run, string name) => run.Series.Single(series => series.Name == name);

    private Reproduction Run(string name, string file, Func<ExperimentOptions, ExperimentOptions> set)
    {
        string folder = Path.GetDirectoryName(Path.GetDirectoryName(Repository.SharedData(file.Split('/'))))!;
        IExperiment experiment = SmallRun.All.Single(experiment => experiment.Name == name);
        return SmallRun.Of(experiment, set(experiment.Defaults), folder, _work["stages"]);
    }
}
