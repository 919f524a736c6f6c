using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

public sealed class ImageReaderTests : IDisposable
{
    private static readonly object[] TwoOfSixPixels = [.. Enumerable.Range(0, 12).Select(pixel => (object)(byte)pixel)];
    private static readonly byte[] Idx = IdxBytes.Array(8, [2, 3, 2], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_format_gives_the_same_images()
    {
        byte[] npy = NpyBytes.Array("|u1", [2, 3, 2], TwoOfSixPixels);
        string[] files =
        [
            _folder.Write("a.npy", npy),
            _folder.Write("b.npy.gz", Archive.Gzip(npy)),
            _folder.Write("c.npz", Archive.Zip(("X.npy", npy), ("y.npy", npy))),
            _folder.Write("d.npz", Archive.Zip(("arr_0.npy", npy))),
            _folder.Write("e-idx3-ubyte", Idx),
            _folder.Write("f-idx3-ubyte.gz", Archive.Gzip(Idx)),
        ];
        Assert.All(files, file =>
        {
            ImageList images = ImageReader.Read(file);
            Assert.Equal((2, 3, 2, 1, file), (images.Pixels.Rows, images.Height, images.Width, images.Channels, images.Source));
            Assert.Equal([6.0, 7, 8, 9, 10, 11], images.Pixels.Row(1).ToArray());
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_last_of_four_dimensions_is_the_channels(int channels)
    {
        ImageList images =
            ImageReader.Read(_folder.Write("x.npy", NpyBytes.Array("|u1", [12 / (2 * channels), 2, 1, channels], TwoOfSixPixels)));
        Assert.Equal((2, 1, channels), (images.Height, images.Width, images.Channels));
        Assert.Equal(2 * channels, images.Pixels.Columns);
    }

    [Fact]
    public void What_is_no_image_is_refused()
    {
        void Refused(byte[] content, params string[] words)
        {
            string path = _folder.Write("x.npy", content);
            Refusal.Of(() => ImageReader.Read(path), [path, .. words]);
        }

        Refused(NpyBytes.Array("|u1", [6, 2], TwoOfSixPixels), "(6, 2)", "n×height×width");
        Refused(NpyBytes.Array("|u1", [1, 3, 2, 2], TwoOfSixPixels), "(1, 3, 2, 2)", "channels come last");
        Refused(NpyBytes.Array("|u1", [1, 2, 3, 2], TwoOfSixPixels), "(1, 2, 3, 2)", "1 or 3 channels");
        Refused(NpyBytes.Array("|u1", [2, 3, 2], TwoOfSixPixels, fortran: true), "np.ascontiguousarray");
        Refused(NpyBytes.Array("|u1", [0, 3, 2], []), "at least one row");
        Refused(NpyBytes.Array("<f8", [1, 1, 1], [double.NaN]), "NaN");
        Refused([1, 2, 3], "images are read from .npy, .npz and IDX");
        Refused([]);
    }

    [Fact]
    public void Of_several_arrays_none_is_guessed()
    {
        byte[] npy = NpyBytes.Array("|u1", [2, 3, 2], TwoOfSixPixels);
        string path = _folder.Write("x.npz", Archive.Zip(("x_train.npy", npy), ("x_test.npy", npy)));
        Refusal.Of(() => ImageReader.Read(path), "there is no array X", "x_train.npy");
    }
}
