namespace CertiFlip.Data.Tests.Formats;

public sealed class MnistTests
{
    [Fact]
    public void The_test_images_of_MNIST_and_their_labels_belong_together()
    {
        Dataset data = DatasetReader.Read(Repository.SharedData("mnist", "t10k-images-idx3-ubyte.gz"))
            .WithLabels(LabelReader.Read(Repository.SharedData("mnist", "t10k-labels-idx1-ubyte.gz")), "labels");
        Assert.Equal((10_000, 28 * 28), (data.Features.Rows, data.Features.Columns));
        Assert.Equal(2163, data.Labels.Count(label => label is "1" or "7"));
        Assert.Equal(1, data.Features.Values.ToArray().Max());
    }
}
