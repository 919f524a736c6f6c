using CertiFlip.Data;

namespace CertiFlip.Paper;

/// <summary>MNIST's images and digits.</summary>
/// <param name="Training">60,000 images of 784 pixels in [0, 1].</param>
/// <param name="TrainingDigits">What they show, 0 to 9.</param>
/// <param name="Test">10,000 more.</param>
/// <param name="TestDigits">What those show.</param>
internal sealed record Mnist(FeatureMatrix Training, int[] TrainingDigits, FeatureMatrix Test, int[] TestDigits)
{
    private const string Source =
        "the MNIST database of handwritten digits (LeCun et al.), for example https://ossci-datasets.s3.amazonaws.com/mnist/";

    private static readonly DataFile TrainingImagesFile = new(
        "mnist/train-images-idx3-ubyte.gz", Source, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db");
    private static readonly DataFile TrainingLabelsFile = new(
        "mnist/train-labels-idx1-ubyte.gz", Source, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5");
    private static readonly DataFile TestImagesFile = new(
        "mnist/t10k-images-idx3-ubyte.gz", Source, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7");
    private static readonly DataFile TestLabelsFile = new(
        "mnist/t10k-labels-idx1-ubyte.gz", Source, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

    public static Mnist Read(DataFolder folder) =>
        new(
            Images(folder, TrainingImagesFile), Digits(folder, TrainingLabelsFile),
            Images(folder, TestImagesFile), Digits(folder, TestLabelsFile));

    /// <summary>Takes the checksums of the files without parsing them.</summary>
    public static void Find(DataFolder folder)
    {
        foreach (DataFile file in (DataFile[])[TrainingImagesFile, TrainingLabelsFile, TestImagesFile, TestLabelsFile])
            folder.Find(file);
    }

    /// <summary>Only some digits; the classes stay the digits.</summary>
    public Mnist Only(Func<int, bool> digit)
    {
        int[] training = Where(TrainingDigits, digit), test = Where(TestDigits, digit);
        return new Mnist(
            Training.SelectRows(training), [.. training.Select(row => TrainingDigits[row])],
            Test.SelectRows(test), [.. test.Select(row => TestDigits[row])]);
    }

    /// <summary>Images with their classes.</summary>
    /// <param name="classOf">The class of a digit.</param>
    public LabelledSplit Split(Func<int, int> classOf) =>
        new(Training, [.. TrainingDigits.Select(classOf)], Test, [.. TestDigits.Select(classOf)]);

    private static int[] Where(int[] digits, Func<int, bool> digit) =>
        [.. Enumerable.Range(0, digits.Length).Where(row => digit(digits[row]))];

    private static FeatureMatrix Images(DataFolder folder, DataFile file) => DatasetReader.Read(folder.Find(file).Path).Features;

    private static int[] Digits(DataFolder folder, DataFile file) =>
        [.. LabelReader.Read(folder.Find(file).Path).Select(int.Parse)];
}
