using CertiFlip.Data;

namespace CertiFlip.Paper.Sources;

/// <summary>900 + 300 images each of dogs and of fish, under a network that has seen neither.</summary>
internal static class Dogfish
{
    private static readonly DataFile FeaturesFile = new(
        "dogfish/features_mnv2_inatbird_1280.f32.npy",
        "1,280 features of each image by a MobileNetV2 trained on birds: samples/embed-images makes them from dogfish_images.tar, in the order of the manifest",
        "5ee41f691cfb22625c47bb337537f59916285c47c037218fce51aafd8cd67c91");

    private static readonly DataFile ManifestFile = new(
        "dogfish/manifest.csv",
        "the list of images, of ImageNet's synsets n02102040 and n01440764, with columns split, label, wnid, path, sha256",
        "c9a136744d66d1665ad72b8906ceb864b8d19e94b4524a82285ecad64fa68897");

    public static LabelledSplit Read(DataFolder folder)
    {
        UsedFile manifest = folder.Find(ManifestFile), features = folder.Find(FeaturesFile);
        IReadOnlyList<string> splits = LabelReader.Read(manifest.Path, "split"), labels = LabelReader.Read(manifest.Path);
        FeatureMatrix matrix = DatasetReader.Read(features.Path).Features;
        if (matrix.Rows != splits.Count)
            throw new DataException($"{features.Path}: there are {matrix.Rows:N0} rows, but {manifest.Path} lists {splits.Count:N0} images.");
        int[] training = Of("train"), test = Of("test");
        return new LabelledSplit(matrix.SelectRows(training), Classes(training), matrix.SelectRows(test), Classes(test));

        int[] Of(string split) => [.. Enumerable.Range(0, splits.Count).Where(row => splits[row] == split)];
        int[] Classes(int[] rows) => [.. rows.Select(row => labels[row] == "0" ? 0 : 1)];
    }
}
